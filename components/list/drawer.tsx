"use client";

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef } from "react";
import { Button } from "../button";
import { count } from "../format";
import { Icon } from "../icon";
import { Problem } from "../problem";
import { say } from "../status";

interface DrawerProps {
  id: string;
  draw: (id: string) => Promise<ReactNode>;
  /** Drawn with the page already. */
  initial: { id: string; node: ReactNode } | null;
  noun: string;
  /** Null when the open row is not among the rows at hand. */
  position: { at: number; total: number } | null;
  onStep: (by: 1 | -1) => void;
  onClose: () => void;
}

/** One row in full beside its list. Not modal: list, place and filter stay as they are. */
export function Drawer({ id, draw, initial, noun, position, onStep, onClose }: DrawerProps) {
  const heading = useRef<HTMLElement>(null);
  const detail = useQuery({
    queryKey: ["drawer", noun, id],
    queryFn: () => draw(id),
    structuralSharing: false, // elements are not data to be merged
    ...(initial?.id === id ? { initialData: initial.node, initialDataUpdatedAt: Date.now() } : {}),
  });
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollTo({ top: 0 });
  }, [id]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(window.location.href);
      say("Copied the link");
    } catch {
      say("The browser does not let pages copy; take the address from its bar"); // http, or no permission
    }
  };
  return (
    <aside className="drawer" aria-label={noun[0]?.toUpperCase() + noun.slice(1)} ref={heading} tabIndex={-1}>
      <div className="bar-t">
        <span className="pos">{position === null ? "" : `${count(position.at + 1)} of ${count(position.total)}`}</span>
        <button type="button" className="ib" aria-label={`Previous ${noun}`} onClick={() => onStep(-1)}>
          <Icon name="up" />
        </button>
        <button type="button" className="ib" aria-label={`Next ${noun}`} onClick={() => onStep(1)}>
          <Icon name="down" />
        </button>
        <button type="button" className="ib" aria-label="Copy the link" onClick={copy}>
          <Icon name="link" />
        </button>
        <button type="button" className="ib" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      {detail.isError ? (
        <Problem title={`This ${noun} could not be read.`}>
          The list is not affected.{" "}
          <Button small onClick={() => void detail.refetch()}>
            Try again
          </Button>
        </Problem>
      ) : detail.isPending ? (
        <div className="skeleton late" aria-busy="true">
          <span className="vh" role="status">
            Reading
          </span>
          {["80%", "60%", "95%", "70%", "90%"].map((width) => (
            <span key={width} className="sk" style={{ width }} />
          ))}
        </div>
      ) : (
        detail.data
      )}
    </aside>
  );
}

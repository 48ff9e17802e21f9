"use client";

import { type ReactNode, useState, useTransition } from "react";
import { Button } from "./button";
import { Dialog, DialogClose } from "./dialog";
import { AreaField } from "./field";
import { Mark } from "./marks";
import { say } from "./status";

interface ConfirmProps {
  /** The button that asks: a verb. */
  label: string;
  title: string;
  /** What will happen, to what, and whether it can be undone. */
  children: ReactNode;
  /** What it is done to, where that takes more than a sentence. */
  about?: ReactNode;
  /** A text that goes with it, which may stay empty. `action` is given it. */
  note?: { label: string; hint: string };
  /** The verb on the confirming button; `label` unless given. */
  verb?: string;
  /** Says what it would do: asked when the dialog opens, and the button waits for the answer. */
  look?: () => Promise<{ said?: string | undefined; problem?: string | undefined }>;
  /** Does it. Returns (or resolves with) a problem to show, or nothing when it was done. */
  action: (note?: string) => Promise<{ problem?: string | undefined } | undefined>;
  /** Said in the status line afterwards. */
  done?: string;
  small?: boolean;
  variant?: "plain" | "ghost";
}

/** Asks before doing what cannot simply be undone. The dialog stays open with the reason when it did not work. */
export function Confirm({
  label,
  title,
  children,
  about,
  note,
  verb,
  look,
  action,
  done,
  small = false,
  variant = "plain",
}: ConfirmProps) {
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [text, setText] = useState("");
  const [seen, setSeen] = useState<string | null>(null);
  const [pending, start] = useTransition();
  const ask = async (looked: NonNullable<ConfirmProps["look"]>) => {
    const answer = await looked().catch(() => ({ problem: "It could not be told what it would do. Try again." }));
    if (answer.problem !== undefined) setProblem(answer.problem);
    else setSeen("said" in answer ? (answer.said ?? "") : "");
  };
  const act = () =>
    start(async () => {
      const answer = await (note === undefined ? action() : action(text)).catch(() => ({
        problem: "It could not be done. Try again.",
      }));
      if (answer?.problem !== undefined) return setProblem(answer.problem);
      setOpen(false);
      if (done !== undefined) say(done);
    });
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setProblem(null);
        setSeen(null);
        setText("");
        if (next && look !== undefined) void ask(look);
      }}
      title={title}
      wide={about !== undefined}
      description={children}
      trigger={
        <Button small={small} variant={variant}>
          {label}
        </Button>
      }
    >
      {about}
      {note === undefined ? null : (
        <AreaField
          {...note}
          name="note"
          rows={2}
          style={{ fontFamily: "inherit", fontSize: 13 }}
          maxLength={2000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {look === undefined ? null : (
        <p role="status">{seen ?? (problem === null ? "Looking at what it would do." : "")}</p>
      )}
      {problem === null ? null : (
        <p className="problem" role="alert">
          <Mark name="failed" />
          <span>{problem}</span>
        </p>
      )}
      <div className="acts end">
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button variant="primary" pending={pending} disabled={look !== undefined && seen === null} onClick={act}>
          {verb ?? label}
        </Button>
      </div>
    </Dialog>
  );
}

"use client";

import Link from "next/link";
import { useState } from "react";
import { Button } from "@/components/button";
import { Icon } from "@/components/icon";
import { Name, visible } from "@/components/name";
import { Popover } from "@/components/popover";

export interface PlaceChoice {
  name: string;
  /** `Account`, or the cluster's account. */
  note: string;
  href: string;
}
const MOST = 60;

/** Where one looks: everything, an account, a cluster. Each is an address. */
export function PlaceSwitch({ current, choices }: { current: string; choices: readonly PlaceChoice[] }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const found = choices.filter(({ name, note }) => `${name} ${note}`.toLowerCase().includes(wanted));
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label="Where to look"
      align="end"
      trigger={
        <Button aria-label={`Scope ${visible(current)}. Change`} className="place-button">
          <span className="dim">Scope</span> <span className="el">{visible(current)}</span>
          <Icon name="down" />
        </Button>
      }
    >
      <div className="place-pick">
        <input
          className="inp"
          type="search"
          placeholder="Account or cluster"
          aria-label="Account or cluster"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <ul>
          {found.slice(0, MOST).map((choice) => (
            <li key={choice.href}>
              <Link href={choice.href} prefetch={false} onClick={() => setOpen(false)}>
                <Name text={choice.name} className="el" />
                <span className="dim sm">{visible(choice.note)}</span>
              </Link>
            </li>
          ))}
        </ul>
        {found.length > MOST ? <p className="dim sm">and {found.length - MOST} more: type a part of the name</p> : null}
        {found.length === 0 ? <p className="dim sm">Nothing of that name.</p> : null}
      </div>
    </Popover>
  );
}

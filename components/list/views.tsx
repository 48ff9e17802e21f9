"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState, useTransition } from "react";
import { Button } from "../button";
import { Confirm } from "../confirm";
import { Field } from "../field";
import { Icon } from "../icon";
import { Popover } from "../popover";
import { FormProblem } from "../problem";
import { say } from "../status";
import { type ListRow, type ListSpec, shapeOf, viewOf } from "./spec";
import { readState, writeState } from "./state";

/** A name for an address of a list; everyone keeps their own, and the address can be shared. */
export interface SavedView {
  id: string;
  name: string;
  query: string;
}

interface ViewsProps<Row extends ListRow> {
  spec: ListSpec<Row>;
  /** The list is not as it comes, so there is something to keep. */
  filtered: boolean;
  /** The address to keep, path and query. */
  address: string;
  saved: readonly SavedView[];
  onSave?: (path: string, name: string, query: string) => Promise<{ problem?: string }>;
  onForget?: (id: string) => Promise<{ problem?: string }>;
}

/** Built-in and saved views as tabs; the current one is the one that is shown, or whose rows are shown in other columns. */
export function Views<Row extends ListRow>({ spec, filtered, address, saved, onSave, onForget }: ViewsProps<Row>) {
  const router = useRouter();
  const shape = shapeOf(spec);
  const views = [
    ...(spec.views ?? []).map((view) => ({ ...view, id: null })),
    ...saved.map((view) => ({ ...view, id: view.id as string | null })),
  ];
  if (views.length === 0 && onSave === undefined) return null;
  const written = (text: string) => writeState(readState(new URLSearchParams(text), shape), shape);
  const { same, current } = viewOf(spec, views, address.split("?")[1] ?? "");
  const go = (text: string) => {
    const rest = written(text);
    window.history.pushState(null, "", rest === "" ? spec.path : `${spec.path}?${rest}`);
  };
  return (
    <div className="tabs views">
      {views.map((view) => (
        <a
          key={view.id ?? view.name}
          href={view.query === "" ? spec.path : `${spec.path}?${view.query}`}
          {...(view === current ? { "aria-current": "true" as const } : {})}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            go(view.query);
          }}
        >
          <bdi className="el view-name">{view.name}</bdi>
        </a>
      ))}
      {current?.id !== undefined && current.id !== null && onForget !== undefined ? (
        <Confirm
          label="Forget this view"
          small
          variant="ghost"
          title={`Forget the view “${current.name}”?`}
          action={async () => {
            const answer = await onForget(current.id ?? "");
            router.refresh();
            return answer;
          }}
          done="The view is forgotten"
        >
          Only its name goes; nothing that it shows is changed.
        </Confirm>
      ) : null}
      {onSave !== undefined && filtered && same === undefined ? (
        <SaveView path={spec.path} address={address} onSave={onSave} />
      ) : null}
    </div>
  );
}

function SaveView({
  path,
  address,
  onSave,
}: {
  path: string;
  address: string;
  onSave: (path: string, name: string, query: string) => Promise<{ problem?: string }>;
}) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState<string | undefined>();
  const [pending, start] = useTransition();
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name") ?? "");
    start(async () => {
      const answer = await onSave(path, name, address.split("?")[1] ?? "").catch(() => ({
        problem: "It could not be saved. Try again.",
      }));
      setProblem(answer.problem);
      if (answer.problem !== undefined) return;
      setOpen(false);
      say("The view is saved");
      router.refresh();
    });
  };
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label="Save this view"
      trigger={
        <button type="button" className="view-save">
          <Icon small name="plus" /> Save view
        </button>
      }
    >
      <form className="form" onSubmit={save}>
        <Field
          label="Name of the view"
          name="name"
          required
          maxLength={60}
          autoComplete="off"
          hint="For you; share it by its address."
        />
        <FormProblem text={problem} />
        <Button type="submit" variant="primary" pending={pending}>
          Save view
        </Button>
      </form>
    </Popover>
  );
}

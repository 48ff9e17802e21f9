"use client";

import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, startTransition, useActionState, useEffect, useId, useRef, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { AreaField, Field, SelectField } from "@/components/field";
import { FormProblem } from "@/components/problem";
import { say } from "@/components/status";
import type { FormState } from "@/domain/access/schema";
import { saveExemption } from "../actions";
import { TYPE_WORDS } from "../choice";
import type { ExemptionTarget } from "../schema";

/** What an exemption may be asked for, in words, the narrowest first. */
export interface ExemptChoice {
  label: string;
  targets: ExemptionTarget[];
}
const DAY = 86_400_000;
// Not of the schema, which would bring Zod into the browser.
const TYPES = Object.entries(TYPE_WORDS).map(([value, label]) => ({ value, label }));
/** How long after the last change it is looked at what the exemption would do. */
const SETTLED_MS = 500;

interface AskProps {
  choices: readonly ExemptChoice[];
  /** Whether another person must approve: then this only asks. */
  approval: boolean;
  /** Resources that a name may be of, where the choices name none. */
  names?: readonly string[];
}

/** Says what the form's exemption would do, as soon as it says enough to tell, and again after each change. */
function useForeseen(chosen: boolean) {
  const box = useRef<HTMLFormElement>(null);
  const [foreseen, setForeseen] = useState("");
  const [changes, setChanges] = useState(0); // each is looked at, whatever it changed
  useEffect(() => {
    if (!chosen) return setForeseen("Choose where it holds: then it says here what it would do.");
    let over = false;
    setForeseen("Looking at what it would do.");
    const look = async () => {
      if (box.current === null) return;
      const form = new FormData(box.current);
      form.set("intent", "preview");
      const told = await saveExemption({}, form).then(
        ({ done = "What it would do is said here as soon as what is entered can hold." }) => done,
        () => "It could not be asked what it would do: the server did not answer. A change here asks again.",
      );
      if (!over) setForeseen(told);
    };
    const timer = setTimeout(() => void look(), SETTLED_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [chosen, changes]);
  return { box, foreseen, look: () => setChanges((count) => count + 1) };
}

function ExemptForm({ choices, approval, names = [], onDone }: AskProps & { onDone: (said: string) => void }) {
  const [state, run, pending] = useActionState<FormState, FormData>(async (previous, form) => {
    const next = await saveExemption(previous, form);
    if (next.done !== undefined) onDone(next.done);
    return next;
  }, {});
  // The resource itself is meant by who asks beside it; which of several accounts is meant, only a person says.
  const named = choices.length === 1 || choices[0]?.targets.some(({ name }) => name !== undefined) === true;
  const [at, setAt] = useState(named ? "0" : "");
  const [until] = useState(() => new Date(Date.now() + 90 * DAY).toISOString().slice(0, 10));
  const suggestions = useId();
  const problems = state.fields ?? {};
  const targets = (at === "" ? undefined : choices[Number(at)]?.targets) ?? [];
  const narrowable = targets.every(({ name }) => name === undefined);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    startTransition(() => run(form));
  };
  const { box, foreseen, look } = useForeseen(at !== "");
  return (
    <form className="form" ref={box} onSubmit={onSubmit} onChange={look}>
      <input type="hidden" name="targets" value={JSON.stringify(targets)} />
      <SelectField
        label="For"
        name="choice"
        value={at}
        problem={problems.choice}
        onChange={(event) => setAt(event.target.value)}
        options={[
          ...(named ? [] : [{ value: "", label: "Choose where it holds", disabled: true }]),
          ...choices.map(({ label }, index) => ({ value: String(index), label })),
        ]}
      />
      {narrowable ? (
        <div className="grid2">
          <Field
            label="Only with name"
            name="name"
            maxLength={253}
            list={suggestions}
            autoComplete="off"
            hint="Of the workload or other resource, whole."
            problem={problems.name}
          />
          <datalist id={suggestions}>
            {names.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          {targets.every(({ namespace }) => namespace === undefined) ? (
            <Field label="Only in namespace" name="namespace" maxLength={63} problem={problems.namespace} />
          ) : null}
          <Field
            label="Only with labels"
            name="labels"
            maxLength={1000}
            placeholder="app=web, tier=edge"
            problem={problems.labels}
          />
          <Field
            label="Only with image"
            name="image"
            maxLength={400}
            placeholder="registry.example.com/agent*"
            hint="* is any text."
            problem={problems.image}
          />
        </div>
      ) : null}
      <div className="grid2">
        <SelectField label="Type" name="type" options={TYPES} problem={problems.type} />
        <Field label="Until" name="until" type="date" defaultValue={until} problem={problems.until} />
      </div>
      <Field
        label="Why"
        name="reason"
        maxLength={2000}
        hint="At least three letters, for whoever decides and reads it later."
        problem={problems.reason}
      />
      <AreaField
        label="Evidence"
        name="evidence"
        rows={2}
        maxLength={4000}
        hint="A ticket, a document, what mitigates it. May stay empty."
        problem={problems.evidence}
      />
      <p className="sm" role="status">
        {foreseen}
      </p>
      <FormProblem text={state.problem} />
      <div className="acts" style={{ marginTop: 0 }}>
        <Button type="submit" variant="primary" pending={pending}>
          {approval ? "Ask for it" : "Exempt"}
        </Button>
      </div>
    </form>
  );
}

/** Asks for an exemption in a dialog. */
export function ExemptDialog({ small = false, ...asked }: AskProps & { small?: boolean }) {
  const [open, setOpen] = useState(false);
  const client = useQueryClient();
  const onDone = (said: string) => {
    setOpen(false);
    say(said);
    void client.invalidateQueries(); // lists and drawers show it at once
  };
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      wide
      title={asked.approval ? "Ask for an exemption" : "Exempt"}
      description={`${asked.approval ? "It holds when another person approves it. " : ""}The findings stay open and visible; the score, its history and every export say what is exempted and why.`}
      trigger={<Button small={small}>{asked.approval ? "Ask for an exemption…" : "Exempt…"}</Button>}
    >
      <ExemptForm {...asked} onDone={onDone} />
    </Dialog>
  );
}

"use client";

import { type FormEvent, startTransition, useActionState, useEffect, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { AreaField, Field, SelectField } from "@/components/field";
import { FormProblem } from "@/components/problem";
import { say } from "@/components/status";
import type { FormState } from "@/domain/access/schema";
import { saveAttestation } from "../attestation/actions";
import type { Place } from "../place";
import { ATTESTED_WORDS } from "./words";

interface AttestProps {
  benchmark: string;
  requirement: string;
  title: string;
  place: Place;
  /** The place's name. */
  where: string;
  /** First and last day that may be chosen, and the one proposed: `2026-11-21`. */
  days: { first: string; usual: string; last: string };
}
const OPTIONS = Object.entries(ATTESTED_WORDS).map(([value, label]) => ({ value, label }));

/** The button and dialog in which a person says whether a requirement is met at a place. */
export function AttestDialog(props: AttestProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title={`Attest ${props.requirement}`}
      description={
        <>
          {props.title}. What you say counts for <b>{props.where}</b> until the last day, with your name, and stands in
          the audit log.
        </>
      }
      trigger={<Button variant="primary">Attest</Button>}
    >
      <AttestForm {...props} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

function AttestForm({ benchmark, requirement, place, days, onDone }: AttestProps & { onDone: () => void }) {
  const [state, run, pending] = useActionState<FormState, FormData>(saveAttestation, {});
  const problems = state.fields ?? {};
  useEffect(() => {
    if (state.done === undefined) return;
    say("Attested");
    onDone();
  }, [state, onDone]);
  // React empties a form after its action; what was entered stays, so that one mistake costs one correction.
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    startTransition(() => run(form));
  };
  return (
    <form className="form" action={run} onSubmit={onSubmit}>
      <input type="hidden" name="benchmark" value={benchmark} />
      <input type="hidden" name="requirement" value={requirement} />
      <input type="hidden" name="scope" value={place.scope} />
      <input type="hidden" name="scopeId" value={place.scope === "fleet" ? "" : place.id} />
      <SelectField label="State" name="state" options={OPTIONS} problem={problems.state} />
      <AreaField
        label="Evidence"
        name="evidence"
        required
        maxLength={4000}
        hint="What was looked at, where, and what was seen. An auditor reads this."
        problem={problems.evidence}
        style={{ fontFamily: "inherit", fontSize: 13 }}
      />
      <Field
        label="Link"
        name="link"
        type="url"
        maxLength={1000}
        placeholder="https://"
        hint="To a ticket or document; may be left out."
        problem={problems.link}
      />
      <Field
        label="Last day"
        name="until"
        type="date"
        required
        min={days.first}
        max={days.last}
        defaultValue={days.usual}
        hint="Afterwards it waits for a person again."
        problem={problems.until}
      />
      <FormProblem text={state.problem} />
      <div className="acts end">
        <Button type="submit" variant="primary" pending={pending}>
          Attest
        </Button>
      </div>
    </form>
  );
}

"use client";

import { type FormEvent, startTransition, useActionState, useState } from "react";
import { Button } from "@/components/button";
import { AreaField, Field, SelectField } from "@/components/field";
import { FormProblem } from "@/components/problem";
import { saveParameters } from "../actions";
import { entryKind, written } from "../entry";
import { placeKey } from "../place";
import type { ParameterChoices } from "../queries";
import type { PlaceVersions, SavedParameters } from "../schema";

const KEEP = "Leave it empty to keep what holds there now.";

function ParameterField({ name, own, problem }: { name: string; own: unknown; problem: string | undefined }) {
  const shared = { label: name, name: `p.${name}`, problem };
  const kind = entryKind(own);
  if (kind === "choice")
    return (
      <SelectField
        {...shared}
        options={[
          { value: "", label: "as it is now" },
          { value: "true", label: "true" },
          { value: "false", label: "false" },
        ]}
      />
    );
  if (kind === "lines")
    return <AreaField {...shared} rows={4} placeholder={written(own)} hint="One a line; [] for none at all." />;
  if (kind === "number") return <Field {...shared} inputMode="decimal" placeholder={written(own)} />;
  return <Field {...shared} maxLength={2000} placeholder={written(own)} />;
}

/** The place that a form is about, as it is stored. */
function placeIn(form: FormData): string {
  const text = (name: string): string => String(form.get(name) ?? "").trim();
  const [scope, account, cluster, namespace] = [text("scope"), text("account"), text("cluster"), text("namespace")];
  return placeKey({ scope, account, cluster, namespace });
}

/**
 * Sets parameters of one control for a place, and shows first what lies there. `versions` are what the places held when the form was
 * opened: a refreshed page does not move them, only one's own saving does.
 */
export function ParameterForm({
  control,
  params,
  choices,
  versions,
}: {
  control: string;
  params: Readonly<Record<string, unknown>>;
  choices: ParameterChoices;
  versions: PlaceVersions;
}) {
  const [state, run, pending] = useActionState<SavedParameters, FormData>(saveParameters, {});
  const [begun, setBegun] = useState(versions);
  const { saved } = state;
  if (saved !== undefined && begun[saved.place] !== saved.version) setBegun({ ...begun, [saved.place]: saved.version });
  const [scope, setScope] = useState(choices.fleet ? "fleet" : "account");
  const problems = state.fields ?? {};
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // Which of the two buttons it was decides what happens.
    const submitter = event.nativeEvent instanceof SubmitEvent ? event.nativeEvent.submitter : null;
    const form = new FormData(event.currentTarget, submitter);
    form.set("version", begun[placeIn(form)] ?? "");
    startTransition(() => run(form));
  };
  const scopes = [
    ...(choices.fleet ? [{ value: "fleet", label: "the fleet" }] : []),
    { value: "account", label: "an account" },
    { value: "cluster", label: "a cluster" },
    { value: "namespace", label: "a namespace" },
  ];
  const clusters = choices.clusters.map(({ id, name, account }) => ({ value: id, label: `${name} (${account})` }));
  return (
    <form className="form" style={{ maxWidth: 640 }} onSubmit={onSubmit}>
      <input type="hidden" name="control" value={control} />
      <div className="grid2">
        <SelectField
          label="For"
          name="scope"
          value={scope}
          onChange={(event) => setScope(event.target.value)}
          options={scopes}
        />
        {scope === "account" ? (
          <SelectField
            label="Account"
            name="account"
            options={choices.accounts.map(({ id, name }) => ({ value: id, label: name }))}
            problem={problems.account}
          />
        ) : null}
        {scope === "cluster" || scope === "namespace" ? (
          <SelectField label="Cluster" name="cluster" options={clusters} problem={problems.cluster} />
        ) : null}
        {scope === "namespace" ? (
          <Field label="Namespace" name="namespace" maxLength={63} required problem={problems.namespace} />
        ) : null}
      </div>
      {Object.entries(params).map(([name, own]) => (
        <ParameterField key={name} name={name} own={own} problem={problems[name]} />
      ))}
      <p className="note">{KEEP}</p>
      <Field label="Why" name="reason" maxLength={400} problem={problems.reason} />
      <FormProblem text={state.problem} />
      <div className="acts" style={{ marginTop: 0, alignItems: "center" }}>
        <Button type="submit" variant="primary" name="intent" value="save" pending={pending}>
          Save parameters
        </Button>
        <Button type="submit" name="intent" value="preview">
          What is affected
        </Button>
      </div>
      <p className="sm mut" role="status">
        {pending ? "" : (state.done ?? "")}
      </p>
    </form>
  );
}

"use client";

import { startTransition, useActionState, useEffect, useRef, useState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Mark } from "@/components/marks";
import { FormProblem } from "@/components/problem";
import { Section } from "@/components/section";
import { keeping } from "@/domain/access/components/keeping";
import type { FormSecrets } from "../../cloud-form";
import { ConnectionFields, IntervalField } from "../../components/connection-fields";
import { TestTable, useTest } from "../../components/test-result";
import type { FormField } from "../../form-field";
import { pollEdit, saveEdit, testEdit } from "../actions";
import type { DraftTest, EditState } from "../schema";

interface Props {
  account: { id: string; name: string; intervalMinutes: number; version: string };
  fields: FormField[];
  secrets: FormSecrets;
}

const WAITING: DraftTest = { state: "waiting", checks: [] };

/** The test of what was entered, and the way to save it. */
function Tested({
  accountId,
  draft,
  stale,
  onSaved,
}: {
  accountId: string;
  draft: string;
  stale: boolean;
  onSaved: (version: string) => void;
}) {
  const test = useTest<DraftTest>(WAITING, () => pollEdit(accountId, draft), draft);
  const [state, action, pending] = useActionState<EditState, FormData>(saveEdit, {});
  useEffect(() => {
    if (state.version !== undefined) onSaved(state.version);
  }, [state.version, onSaved]);
  const failed = test.state === "failed" || test.checks.some(({ outcome }) => outcome === "failed");
  const ended = test.state === "done" || test.state === "failed";
  const save = () => {
    const form = new FormData();
    form.set("id", accountId);
    form.set("draft", draft);
    form.set("untested", String(!ended));
    startTransition(() => action(form));
  };
  if (state.done !== undefined)
    return (
      <p role="status">
        <Mark name="complete" /> {state.done}
      </p>
    );
  if (test.state === "gone")
    return <p className="mut">This edit was saved or replaced, or is older than an hour. Test again.</p>;
  return (
    <Section className="gap" title="Test of these changes" remark="nothing is saved yet">
      <TestTable test={test} />
      <FormProblem text={state.problem} />
      <div className="acts" style={{ marginTop: 12 }}>
        <Button variant={ended && !failed ? "primary" : "plain"} pending={pending} disabled={stale} onClick={save}>
          {ended ? (failed ? "Save in spite of this" : "Save") : "Save without waiting"}
        </Button>
        {stale ? <span className="sm mut">You changed something since: test it again.</span> : null}
      </div>
    </Section>
  );
}

/** What a form holds besides name and interval, to tell whether the connection was touched. */
const connectionIn = (form: HTMLFormElement): string =>
  JSON.stringify([...new FormData(form)].filter(([name]) => !["name", "interval", "version"].includes(name)));

/** Edits an account: what would change its connection is tested before it is saved. Credentials are write-only. */
export function EditForm({ account, fields, secrets }: Props) {
  const [state, action, pending] = useActionState<EditState, FormData>(testEdit, {});
  const [changedSince, setChangedSince] = useState<EditState | null>(null);
  // A refreshed page does not move it, since the fields stay as they are: only one's own saving does.
  const [version, setVersion] = useState(account.version);
  useEffect(() => {
    if (state.version !== undefined) setVersion(state.version);
  }, [state.version]);
  const form = useRef<HTMLFormElement>(null);
  const before = useRef("");
  const [isTouched, setTouched] = useState(false);
  useEffect(() => {
    if (form.current !== null) before.current = connectionIn(form.current);
  }, []);
  const onChange = () => {
    setChangedSince(state);
    setTouched(form.current !== null && connectionIn(form.current) !== before.current);
  };
  const onRemove = () => {
    setChangedSince(state);
    setTouched(true);
  };
  const problems = state.fields ?? {};
  const isStale = changedSince === state;
  return (
    <>
      <form
        className="form"
        noValidate
        action={action}
        onSubmit={keeping(action)}
        ref={form}
        onChange={onChange}
        style={{ maxWidth: 720 }}
      >
        <input type="hidden" name="id" value={account.id} />
        <input type="hidden" name="version" value={version} />
        <ConnectionFields fields={fields} secrets={secrets} problems={problems} onRemove={onRemove}>
          <Field
            label="Name"
            name="name"
            required
            maxLength={120}
            defaultValue={account.name}
            hint="As you want to read it in Seawall."
            problem={problems.name}
          />
          <IntervalField value={account.intervalMinutes} />
        </ConnectionFields>
        <FormProblem text={state.problem} />
        <div className="acts">
          <Button variant={state.draft === undefined || isStale ? "primary" : "plain"} type="submit" pending={pending}>
            {isTouched ? "Test changes" : "Save"}
          </Button>
          <span className="sm mut" role="status">
            {isStale ? "" : (state.done ?? "")}
          </span>
        </div>
      </form>
      {state.draft === undefined ? null : (
        <Tested key={state.draft} accountId={account.id} draft={state.draft} stale={isStale} onSaved={setVersion} />
      )}
    </>
  );
}

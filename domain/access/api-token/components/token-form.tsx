"use client";

import { useActionState, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { CheckField, Field, SelectField } from "@/components/field";
import { FormProblem } from "@/components/problem";
import { keeping } from "../../components/keeping";
import { Reach } from "../../components/reach";
import { ShownOnce } from "../../components/shown-once";
import { makeToken, type TokenState } from "../actions";
import { TOKEN_DAYS, TOKEN_SCOPES, type TokenScope } from "../schema";

const WORDS: Readonly<Record<TokenScope, string>> = {
  read: "Reads through the API",
  export: "Takes CSV and JSON Lines",
  write: "Changes what its maker may change, except people and tokens",
};
const PERIODS = TOKEN_DAYS.map((days) => ({
  value: String(days),
  label: days === 365 ? "in a year" : `in ${days} days`,
}));

interface Props {
  accounts: readonly { id: string; name: string }[];
  /** Its maker sees every account. */
  everything: boolean;
  mayWrite: boolean;
}

function TokenForm({ accounts, everything, mayWrite }: Props) {
  const [state, action, pending] = useActionState<TokenState, FormData>(makeToken, {});
  const problems = state.fields ?? {};
  if (state.token !== undefined) {
    return (
      <ShownOnce text={state.token}>
        Keep this token in a safe place now. It cannot be shown again; if it is lost, revoke it and make another.
      </ShownOnce>
    );
  }
  return (
    <form className="form" action={action} onSubmit={keeping(action)}>
      <Field
        label="Name"
        name="name"
        maxLength={80}
        required
        autoComplete="off"
        hint="What will use it, such as the name of a pipeline."
        problem={problems.name}
      />
      <fieldset className="reach">
        <legend>It may</legend>
        {TOKEN_SCOPES.map((scope) => (
          <CheckField
            key={scope}
            label={scope}
            hint={WORDS[scope]}
            name="scope"
            value={scope}
            defaultChecked={scope === "read"}
            disabled={scope === "write" && !mayWrite}
          />
        ))}
        {problems.scopes === undefined ? null : <small>{problems.scopes}</small>}
      </fieldset>
      <Reach
        legend="It reaches"
        everything={everything ? "Every account, also those connected later" : "Every account that you see"}
        accounts={accounts}
        problem={problems.accountIds}
      />
      <SelectField label="It ends" name="days" options={PERIODS} defaultValue="90" problem={problems.days} />
      <FormProblem text={state.problem} />
      <div className="acts end">
        <Button variant="primary" type="submit" pending={pending}>
          Make token
        </Button>
      </div>
    </form>
  );
}

/** The button and dialog that make a token; opened again, the dialog begins anew. */
export function NewToken(props: Props) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title="Make an API token"
      description="It acts for you, within what you choose here and what you may do at that moment."
      trigger={
        <Button variant="primary" icon="plus">
          Make token
        </Button>
      }
    >
      <TokenForm {...props} />
    </Dialog>
  );
}

"use client";

import { useActionState, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Field, SelectField } from "@/components/field";
import { FormProblem } from "@/components/problem";
import { keeping } from "../../components/keeping";
import { Reach } from "../../components/reach";
import { ShownOnce } from "../../components/shown-once";
import { ROLES } from "../../scope";
import { type InviteState, invitePerson } from "../actions";

interface Props {
  accounts: readonly { id: string; name: string }[];
  /** The inviter is Owner of everything. */
  everything: boolean;
  /** Address of the console; the link's path is put after it. */
  base: string;
}
export const ROLE_OPTIONS = ROLES.toReversed().map((role) => ({ value: role, label: role }));

function InviteForm({ accounts, everything, base }: Props) {
  const [state, action, pending] = useActionState<InviteState, FormData>(invitePerson, {});
  const problems = state.fields ?? {};
  if (state.link !== undefined) {
    return (
      <ShownOnce text={`${base}${state.link}`}>
        The invitation goes out by mail when a mail server is set up. You can also hand this link over yourself: it
        works once, for seven days.
      </ShownOnce>
    );
  }
  return (
    <form className="form" action={action} onSubmit={keeping(action)}>
      <Field label="E-mail address" name="email" type="email" autoComplete="off" required problem={problems.email} />
      <SelectField label="Role" name="role" options={ROLE_OPTIONS} problem={problems.role} />
      <Reach
        legend="On"
        everything={everything ? "Everything, also accounts connected later" : null}
        accounts={accounts}
        problem={problems.accountIds}
      />
      <FormProblem text={state.problem} />
      <div className="acts end">
        <Button variant="primary" type="submit" pending={pending}>
          Invite
        </Button>
      </div>
    </form>
  );
}

/** The button and dialog that invite somebody; opened again, the dialog begins anew. */
export function Invite(props: Props) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title="Invite a person"
      description="They choose their own name and password."
      trigger={
        <Button variant="primary" icon="plus">
          Invite
        </Button>
      }
    >
      <InviteForm {...props} />
    </Dialog>
  );
}

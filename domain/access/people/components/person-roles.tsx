"use client";

import { useActionState, useState } from "react";
import { Button } from "@/components/button";
import { Confirm } from "@/components/confirm";
import { Dialog } from "@/components/dialog";
import { SelectField } from "@/components/field";
import { FormProblem } from "@/components/problem";
import { keeping } from "../../components/keeping";
import { Reach } from "../../components/reach";
import { WayBack } from "../../recovery/components/way-back";
import type { FormState } from "../../schema";
import { giveRole, takeEverything, takeRole } from "../actions";
import { beginningOf } from "../held";
import type { HeldRole } from "../schema";
import { ROLE_OPTIONS } from "./invite";

interface Props {
  person: { id: string; name: string; password: boolean; secondFactor: boolean };
  grants: readonly HeldRole[];
  /** Accounts on which this Owner may change roles. */
  accounts: readonly { id: string; name: string }[];
  /** This Owner may change roles on everything. */
  everything: boolean;
  self: boolean;
}

function GiveForm({ person, grants, accounts, everything }: Props) {
  const [begun] = useState(() => beginningOf(grants, accounts, everything));
  const [state, action, pending] = useActionState<FormState, FormData>(giveRole, {});
  return (
    <form className="form" action={action} onSubmit={keeping(action)}>
      <input type="hidden" name="person" value={person.id} />
      <SelectField
        label="Give or change to"
        name="role"
        options={ROLE_OPTIONS}
        defaultValue={begun.role}
        problem={state.fields?.role}
      />
      <Reach
        legend="On"
        everything={everything ? "Everything, also accounts connected later" : null}
        accounts={accounts}
        chosen={begun.accountIds}
        problem={state.fields?.accountIds}
      />
      <FormProblem text={state.problem} />
      <div className="acts end">
        <span className="sm mut" role="status">
          {state.done ?? ""}
        </span>
        <Button variant="primary" type="submit" pending={pending}>
          Save
        </Button>
      </div>
    </form>
  );
}

/** Everything an Owner can do with one person: withdraw roles one by one, give or change one, remove all access. */
export function PersonRoles(props: Props) {
  const { person, grants, accounts, everything, self } = props;
  const [open, setOpen] = useState(false);
  const mine = new Set(accounts.map((account) => account.id));
  const may = (grant: HeldRole) =>
    grant.source === "given" && (grant.accountId === null ? everything : mine.has(grant.accountId));
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title={person.name}
      description="A change ends their sessions; they sign in again with the new role."
      trigger={<Button small>Change</Button>}
    >
      <ul className="roles">
        {grants.map((grant) => (
          <li key={`${grant.accountId} ${grant.source}`} className="acts">
            <span className="wrap">
              {grant.role} on <bdi>{grant.account ?? "everything"}</bdi>
              {grant.source === "claim" ? <span className="dim"> by a claim at sign-in</span> : null}
            </span>
            <span className="spacer" />
            {may(grant) ? (
              <Confirm
                label="Withdraw"
                title={`Withdraw ${grant.role}?`}
                action={takeRole.bind(null, person.id, grant.accountId)}
                done="Role withdrawn"
                small
              >
                {person.name} loses this role on {grant.account ?? "everything"} and is signed out.
              </Confirm>
            ) : null}
          </li>
        ))}
      </ul>
      <GiveForm {...props} />
      {everything && !self ? (
        <div className="acts">
          {person.password ? <WayBack person={person} /> : null}
          <Confirm
            label="Remove all access"
            title={`Remove ${person.name}?`}
            verb="Remove"
            action={takeEverything.bind(null, person.id)}
            done="Access removed"
            variant="ghost"
          >
            All roles go, sessions end, API tokens are revoked. What they did stays in the audit log.
          </Confirm>
        </div>
      ) : null}
    </Dialog>
  );
}

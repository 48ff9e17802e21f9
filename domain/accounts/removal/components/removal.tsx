"use client";

import { useActionState } from "react";
import { Button } from "@/components/button";
import { Dialog, DialogClose } from "@/components/dialog";
import { Field } from "@/components/field";
import { count, plural } from "@/components/format";
import { FormProblem } from "@/components/problem";
import { keeping } from "@/domain/access/components/keeping";
import type { FormState } from "@/domain/access/schema";
import { removeAccount } from "../actions";
import type { AtStake } from "../queries";

interface Props {
  account: { id: string; name: string };
  stake: AtStake;
}

/** What a removal does, in plain words. */
function Consequences({ stake }: { stake: AtStake }) {
  const secrets = stake.secrets === 0 ? "None is stored." : `${plural(stake.secrets, "stored one")} destroyed at once.`;
  return (
    <dl className="facts">
      <dt>Credentials</dt>
      <dd>{secrets} Revoke what you granted in the cloud yourself: Seawall changes nothing there.</dd>
      <dt>Clusters</dt>
      <dd>{count(stake.clusters)} leave every list and score at once. A scan under way can write nothing more.</dd>
      <dt>Findings</dt>
      <dd>{plural(stake.findings, "open one")} and all resolved ones are deleted, with scans and inventory.</dd>
      <dt>History</dt>
      <dd>
        This account’s score history is deleted. The fleet’s stays and says that these clusters went. The audit log
        stays.
      </dd>
      {stake.people === 0 ? null : (
        <>
          <dt>People</dt>
          <dd>{plural(stake.people, "person", "people")} with roles only here will see nothing any more.</dd>
        </>
      )}
    </dl>
  );
}

function RemovalForm({ account, stake }: Props) {
  const [state, action, pending] = useActionState<FormState, FormData>(removeAccount, {});
  return (
    <form className="form" action={action} onSubmit={keeping(action)}>
      <Consequences stake={stake} />
      <input type="hidden" name="id" value={account.id} />
      <Field
        label={`Type ${account.name} to confirm`}
        name="name"
        required
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
      />
      <FormProblem text={state.problem} />
      <div className="acts end">
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button variant="primary" type="submit" pending={pending}>
          Remove account
        </Button>
      </div>
    </form>
  );
}

/** The button and dialog that remove an account, once its name was typed. */
export function Removal({ account, stake }: Props) {
  return (
    <Dialog
      title={`Remove ${account.name}?`}
      description="This cannot be undone. To stop looking at the account and keep what is known, pause it instead."
      trigger={<Button>Remove account</Button>}
    >
      <RemovalForm account={account} stake={stake} />
    </Dialog>
  );
}

"use client";

import { useActionState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { CheckField } from "@/components/field";
import { FormProblem } from "@/components/problem";
import { keeping } from "../../components/keeping";
import { ShownOnce } from "../../components/shown-once";
import { giveWayBack, type WayBackState } from "../actions";

interface Props {
  person: { id: string; name: string; secondFactor: boolean };
}

function WayBackForm({ person }: Props) {
  const [state, action, pending] = useActionState<WayBackState, FormData>(giveWayBack, {});
  if (state.link !== undefined) {
    return (
      <ShownOnce text={state.link}>
        {`It goes out by mail when a mail server is set up. You can also hand this link over yourself: it works once, for a day. Make sure that it is ${person.name} who asks.`}
      </ShownOnce>
    );
  }
  return (
    <form className="form" action={action} onSubmit={keeping(action)}>
      <input type="hidden" name="person" value={person.id} />
      {person.secondFactor ? (
        <CheckField
          label="Take the second factor off too"
          hint="For who lost the authenticator app and its backup codes."
          name="secondFactor"
          value="off"
        />
      ) : null}
      <FormProblem text={state.problem} />
      <div className="acts end">
        <Button variant="primary" type="submit" pending={pending}>
          Make the link
        </Button>
      </div>
    </form>
  );
}

/** The button and dialog of an Owner that let somebody back in who lost the password or the second factor. */
export function WayBack({ person }: Props) {
  return (
    <Dialog
      title={`Let ${person.name} back in`}
      description="A link that sets a new password and ends all their sessions; their API tokens are shown to them, and stay unless they revoke them. Until it is used, nothing changes."
      trigger={<Button>Lost password or second factor</Button>}
    >
      <WayBackForm person={person} />
    </Dialog>
  );
}

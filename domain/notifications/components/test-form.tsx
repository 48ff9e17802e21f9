"use client";

import { Field } from "@/components/field";
import { Mark } from "@/components/marks";
import { Name } from "@/components/name";
import { Ago } from "@/components/reader";
import { sendTestMail } from "../actions";
import type { DeliveryRow } from "../queries";
import { FormFoot } from "./form-foot";
import { useKeptForm } from "./use-kept-form";

/** Sends one mail and shows what the server said. The page is live: the word appears by itself. */
export function TestForm({
  address,
  disabled,
  last,
}: {
  address: string;
  disabled: boolean;
  last: DeliveryRow | null;
}) {
  const { state, pending, form } = useKeptForm(sendTestMail);
  return (
    <form className="form" {...form}>
      <fieldset disabled={disabled} style={{ border: 0, margin: 0, padding: 0, display: "grid", gap: 14, minWidth: 0 }}>
        <Field
          label="Send to"
          name="address"
          type="email"
          required
          defaultValue={address}
          hint={disabled ? "Save the mail server first." : undefined}
        />
        <FormFoot state={state} pending={pending} label="Send a test" primary={false} />
      </fieldset>
      {last === null ? null : (
        <p className="sm wrap" role="status">
          <Mark name={last.state === "sent" ? "complete" : last.state === "failed" ? "failed" : "running"} />{" "}
          {last.state === "sent" ? "Taken by the server" : last.state === "failed" ? "Did not leave" : "Under way"}{" "}
          <Ago at={last.createdAt.toISOString()} suffix=" ago" />
          {last.reason === null ? null : (
            <span className="mut">
              : <Name text={last.reason} />
            </span>
          )}
        </p>
      )}
    </form>
  );
}

"use client";

import { useActionState } from "react";
import { Button } from "@/components/button";
import { CheckField, Field } from "@/components/field";
import { FormProblem } from "@/components/problem";
import type { FormState } from "@/domain/access/schema";
import { saveRule } from "../actions";
import type { ExemptionRule } from "../schema";

/** The organisation's rule for exemptions, for its Owners to set. */
export function RuleForm({ rule }: { rule: ExemptionRule }) {
  const [state, run, pending] = useActionState<FormState, FormData>(saveRule, {});
  return (
    <form className="form" style={{ maxWidth: 480 }} action={run}>
      <CheckField
        label="Another person must approve"
        name="approval"
        defaultChecked={rule.approval}
        hint="Who asks for an exemption never approves it. This covers exemptions only: parameters of controls are changed without a second person, and each change is in the audit log."
      />
      <Field
        label="Longest duration in days"
        name="longestDays"
        inputMode="numeric"
        defaultValue={rule.longestDays ?? ""}
        hint="Empty: exemptions may have no end."
        problem={state.fields?.longestDays}
      />
      <FormProblem text={state.problem} />
      <div className="acts" style={{ marginTop: 0, alignItems: "center" }}>
        <Button type="submit" pending={pending}>
          Save the rule
        </Button>
        <span className="sm mut" role="status">
          {pending ? "" : (state.done ?? "")}
        </span>
      </div>
    </form>
  );
}

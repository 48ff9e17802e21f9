"use client";

import { Field } from "@/components/field";
import { saveLimitsForm } from "../actions";
import type { Policy } from "../schema";
import { FormFoot } from "./form-foot";
import { useKeptForm } from "./use-kept-form";

/** How many mails of each severity one address gets within 24 hours; what is more comes as a digest. */
export function LimitsForm({ limits }: { limits: Policy & { version: string | null } }) {
  const { state, pending, begun, problems, form } = useKeptForm(saveLimitsForm, limits.version);
  const field = (name: "critical" | "high" | "medium" | "low", label: string) => (
    <Field
      label={label}
      name={name}
      type="number"
      min={0}
      max={200}
      required
      defaultValue={limits[name]}
      problem={problems[name]}
    />
  );
  return (
    <form className="form" {...form}>
      <input type="hidden" name="version" value={begun} />
      <div className="grid2">
        {field("critical", "Critical")}
        {field("high", "High")}
        {field("medium", "Medium")}
        {field("low", "Low")}
        <div className="full">
          <Field
            label="Tell when a score fell by"
            name="scoreFall"
            type="number"
            step="0.1"
            min={0.1}
            max={100}
            required
            defaultValue={limits.scoreFall}
            hint="Points, within a day. What is more than a limit is held and comes as a digest."
            problem={problems.scoreFall}
          />
        </div>
      </div>
      <FormFoot state={state} pending={pending} label="Save limits" primary={false} />
    </form>
  );
}

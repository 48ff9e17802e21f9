import { Field } from "@/components/field";

/** The field of a password that is chosen now. */
export function NewPassword({ problem }: { problem: string | undefined }) {
  return (
    <Field
      label="Password"
      name="password"
      type="password"
      autoComplete="new-password"
      minLength={12}
      maxLength={128}
      required
      hint="At least 12 characters."
      problem={problem}
    />
  );
}

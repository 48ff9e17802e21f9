import { Button } from "@/components/button";
import { FormProblem } from "@/components/problem";
import type { FormState } from "@/domain/access/schema";

/** The end of a form: what is wrong, the button, and what was done. */
export function FormFoot({
  state,
  pending,
  label,
  primary = true,
}: {
  state: FormState;
  pending: boolean;
  label: string;
  primary?: boolean;
}) {
  return (
    <>
      <FormProblem text={state.problem} />
      <div className="acts" style={{ marginTop: 0, alignItems: "center" }}>
        <Button type="submit" variant={primary ? "primary" : "plain"} pending={pending}>
          {label}
        </Button>
        <span className="sm mut" role="status">
          {pending ? "" : (state.done ?? "")}
        </span>
      </div>
    </>
  );
}

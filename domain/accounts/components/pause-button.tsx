"use client";

import { useActionState } from "react";
import { Button } from "@/components/button";
import type { FormState } from "@/domain/access/schema";
import { setPaused } from "../actions";

/** Pauses an account, or resumes it. */
export function PauseButton({ id, enabled }: { id: string; enabled: boolean }) {
  const [state, submit, pending] = useActionState<FormState, FormData>(setPaused, {});
  return (
    <form className="acts" action={submit}>
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="paused" value={String(enabled)} />
      <Button type="submit" small pending={pending}>
        {enabled ? "Pause" : "Resume"}
      </Button>
      <span className="sm mut" role="status">
        {state.problem ?? state.done ?? ""}
      </span>
    </form>
  );
}

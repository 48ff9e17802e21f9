"use client";

import { useTransition } from "react";
import { Button } from "@/components/button";
import { say } from "@/components/status";
import type { FormState } from "@/domain/access/schema";
import { releaseHeldNow, retryDeliveryNow } from "../actions";

function Act({ label, title, action }: { label: string; title: string; action: () => Promise<FormState> }) {
  const [pending, start] = useTransition();
  const act = () =>
    start(async () => {
      const state = await action().catch((): FormState => ({ problem: "It could not be done. Try again." }));
      say(state.problem ?? state.done ?? "Done");
    });
  return (
    <Button small pending={pending} onClick={act} aria-label={title}>
      {label}
    </Button>
  );
}

export const ReleaseButton = ({ recipientId, address }: { recipientId: string; address: string }) => (
  <Act label="Send now" title={`Send now what is held for ${address}`} action={() => releaseHeldNow(recipientId)} />
);
export const RetryButton = ({ id, address }: { id: string; address: string }) => (
  <Act label="Try again" title={`Try again to send the mail to ${address}`} action={() => retryDeliveryNow(id)} />
);

import { Mark, type MarkName } from "@/components/marks";
import type { AccountRow } from "../queries";

const WORDS: Readonly<Record<string, { mark: MarkName; word: string }>> = {
  healthy: { mark: "complete", word: "Healthy" },
  degraded: { mark: "partial", word: "Degraded" },
  failing: { mark: "failed", word: "Failing" },
};

/** An account's health; one that was never looked at is hatched, not healthy. */
export function Health({ account }: { account: Pick<AccountRow, "health" | "enabled" | "removedAt"> }) {
  const said = WORDS[account.health] ?? { mark: "unknown" as const, word: "Not looked at yet" };
  const off = account.removedAt === null ? "Paused" : "Being removed";
  return (
    <span className="nw">
      <Mark name={account.enabled ? said.mark : "stale"} /> {account.enabled ? said.word : off}
    </span>
  );
}

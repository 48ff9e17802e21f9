import Link from "next/link";
import { plural } from "@/components/format";
import { Mark, type MarkName } from "@/components/marks";
import type { AccountRow } from "../queries";

const WORDS: Readonly<Record<string, { mark: MarkName; word: string }>> = {
  healthy: { mark: "complete", word: "Healthy" },
  degraded: { mark: "partial", word: "Degraded" },
  failing: { mark: "failed", word: "Failing" },
};

/** What the words of health are about, for who reads them the first time. */
export const HEALTH_MEANING =
  "Healthy: the cloud answered all that was asked; degraded: a part, or a cluster refuses something; failing: nothing. Clusters not read completely are counted beside it.";

/**
 * An account's health: whether its cloud answers, and whether all of its clusters were read. One that was never looked at is hatched,
 * and none is ticked that holds a cluster of which not everything is known.
 */
export function Health({
  account,
}: {
  account: Pick<AccountRow, "id" | "health" | "enabled" | "removedAt" | "clusters" | "unread">;
}) {
  const said = WORDS[account.health] ?? { mark: "unknown" as const, word: "Not looked at yet" };
  if (account.removedAt !== null || !account.enabled)
    return (
      <span className="nw">
        <Mark name={account.enabled ? said.mark : "stale"} /> {account.removedAt === null ? "Paused" : "Being removed"}
      </span>
    );
  if (account.unread === 0)
    return (
      <span className="nw">
        <Mark name={said.mark} /> {said.word}
      </span>
    );
  return (
    <span>
      <Mark name={said.mark === "complete" ? "partial" : said.mark} /> {said.word},{" "}
      <Link href={`/clusters?account=${account.id}&scan=partial,failed,none`} prefetch={false}>
        {account.clusters === 1
          ? "its cluster not read completely"
          : `${account.unread} of ${plural(account.clusters, "cluster")} not read completely`}
      </Link>
    </span>
  );
}

import { plural } from "@/components/format";
import { visible } from "@/components/name";
import { gapsWords } from "@/domain/inventory/components/gap";
import type { ClusterRow } from "@/domain/inventory/queries";
import type { MissingReason } from "@/domain/posture/components/score-hero";

/** Missing assessments by reason, in falling order; the amounts sum to all that are missing. */
export function missingReasons(clusters: readonly ClusterRow[]): MissingReason[] {
  const byReason = new Map<string, { amount: number; names: string[] }>();
  for (const cluster of clusters) {
    const amount = cluster.expected - cluster.evaluated;
    if (amount <= 0) continue;
    const reason = cluster.reasons.length === 0 ? "facts that the cloud did not tell" : gapsWords(cluster.reasons);
    const one = byReason.get(reason) ?? { amount: 0, names: [] };
    byReason.set(reason, { amount: one.amount + amount, names: [...one.names, visible(cluster.name)] });
  }
  const all = [...byReason]
    .map(([reason, { amount, names }]) => ({
      amount,
      text: `${reason}, ${names.length === 1 ? names[0] : plural(names.length, "cluster")}`,
    }))
    .sort((a, b) => b.amount - a.amount);
  const rest = all.slice(5);
  const amount = rest.reduce((sum, reason) => sum + reason.amount, 0);
  return rest.length === 0 ? all : [...all.slice(0, 5), { amount, text: "for other reasons" }];
}

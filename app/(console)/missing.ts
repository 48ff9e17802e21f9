import { plural } from "@/components/format";
import { visible } from "@/components/name";
import { gapsWords } from "@/domain/inventory/components/gap";
import { MISSING_CAUSES, MISSING_WORDS } from "@/domain/inventory/missing";
import type { ClusterRow } from "@/domain/inventory/queries";
import type { MissingReason } from "@/domain/posture/components/score-hero";

type Looked = Pick<ClusterRow, "name" | "expected" | "evaluated" | "reasons" | "missing">;
const MOST = 6;

/** What a cluster lacks, by reason in words; what its last scan did not tell has a reason of its own. */
function reasonsOf({ expected, evaluated, reasons, missing }: Looked): [reason: string, amount: number][] {
  const known = MISSING_CAUSES.flatMap((cause): [string, number][] => {
    const amount = missing[cause];
    if (amount === undefined) return [];
    const what = cause === "unlisted" && reasons.length > 0 ? gapsWords(reasons) : MISSING_WORDS[cause].why;
    return [[what, amount]];
  });
  const rest = expected - evaluated - known.reduce((sum, [, amount]) => sum + amount, 0);
  if (rest > 0) known.push([reasons.length > 0 ? gapsWords(reasons) : "for reasons that the next scan tells", rest]);
  return known;
}

/** Missing assessments by reason, in falling order; the amounts sum to all that are missing. */
export function missingReasons(clusters: readonly Looked[]): MissingReason[] {
  const byReason = new Map<string, { amount: number; names: string[] }>();
  for (const cluster of clusters) {
    if (cluster.expected <= cluster.evaluated) continue;
    for (const [reason, amount] of reasonsOf(cluster)) {
      const one = byReason.get(reason) ?? { amount: 0, names: [] };
      byReason.set(reason, { amount: one.amount + amount, names: [...one.names, visible(cluster.name)] });
    }
  }
  const all = [...byReason]
    .map(([reason, { amount, names }]) => ({
      amount,
      text: `${reason}, ${names.length === 1 ? names[0] : plural(names.length, "cluster")}`,
    }))
    .sort((a, b) => b.amount - a.amount);
  const rest = all.slice(MOST);
  const amount = rest.reduce((sum, reason) => sum + reason.amount, 0);
  return rest.length === 0 ? all : [...all.slice(0, MOST), { amount, text: "for other reasons" }];
}

import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { GROUP_WORDS } from "@/domain/posture/components/words";
import { targetWords } from "@/domain/posture/exemption/choice";
import { readKept } from "@/domain/posture/exemption/kept";
import { placeNames } from "@/domain/posture/exemption/queries";
import type { ExemptionTarget } from "@/domain/posture/exemption/schema";
import { controlCatalogue } from "@/domain/posture/queries";
import type { Control } from "@/domain/posture/schema";
import type { Exemption } from "@/domain/posture/score";
import { pool } from "@/lib/db";
import { placeWhere } from "../evidence/queries";
import type { NamedPlace } from "../report/queries";

/** An exemption that holds for something a benchmark's controls find at a place. */
export interface HeldExemption {
  id: string;
  /** Null where it cannot be read: it has no targets then, and holds for nothing from its clusters' next scans on. */
  type: Exemption | null;
  /** What it is for, in words: which control or group, and where. Of several targets the first few. */
  targets: string[];
  moreTargets: number;
  /** Open findings there that it holds for. */
  findings: number;
  reason: string;
  evidence: string;
  requestedBy: string;
  approvedBy: string;
  expiresAt: Date | null;
}
interface Row {
  id: string;
  type: unknown;
  targets: unknown;
  findings: number;
  reason: string;
  evidence: string;
  requestedBy: string;
  decidedBy: string | null;
  expiresAt: Date | null;
  total: number;
}
const MOST_TARGETS = 3;
const groups: Readonly<Record<string, string>> = GROUP_WORDS;

/** Whether a target may be what holds at a place, of a control among these: what it does not name fits anything. */
const concerns = (
  { control, cluster, account }: ExemptionTarget,
  { place, accountId }: NamedPlace,
  controls: ReadonlySet<string>,
): boolean =>
  (control === undefined || controls.has(control)) &&
  (place.scope !== "cluster" || cluster === undefined || cluster === place.id) &&
  (accountId === null || account === undefined || account === accountId);

function wordsOf(target: ExemptionTarget, names: ReadonlyMap<string, string>, catalogue: ReadonlyMap<string, Control>) {
  const { control, group } = target;
  const title = control === undefined ? undefined : catalogue.get(control)?.title;
  const what =
    control !== undefined
      ? title === undefined
        ? control
        : `${title} (${control})`
      : group === undefined
        ? "All controls"
        : (groups[group] ?? group);
  return `${what}: ${targetWords(target, names)}`;
}

/**
 * The exemptions that hold for open findings of these controls at a place, those for most findings first, at most `most`; and how many
 * more there are. Targets in accounts that the scope does not see are left out. `distributions`: empty for all.
 */
export async function exemptionsAt(
  scope: AccountScope,
  at: NamedPlace,
  distributions: readonly string[],
  controls: readonly string[],
  most: number,
): Promise<{ items: HeldExemption[]; more: number }> {
  const where = placeWhere(scope, at.place).any("c.distribution", distributions, "text");
  where.and(
    `f.state = 'open' AND f."exemptionId" IS NOT NULL AND f."controlId" = ANY(${where.bind(controls)}::text[])`,
  );
  const [catalogue, { rows }] = await Promise.all([
    controlCatalogue(),
    pool().query<Row>(
      `SELECT e.id, e.type, e.targets, x.findings, e.reason, e.evidence, e."requestedBy", e."decidedBy", e."expiresAt", count(*) OVER ()::int AS total
       FROM (SELECT f."exemptionId" AS id, count(*)::int AS findings FROM "Finding" f JOIN "Cluster" c ON c.id = f."clusterId" WHERE ${where.sql} GROUP BY 1) x
         JOIN "Exemption" e ON e.id = x.id ORDER BY x.findings DESC, e.id LIMIT ${where.bind(most)}`,
      where.values,
    ),
  ]);
  const wanted = new Set(controls);
  const sees = (account: string | undefined) =>
    account === undefined || scope.accountIds === null || scope.accountIds.includes(account);
  const kept = rows.map((row) => {
    const read = readKept(row);
    if (!read.readable) return { row, type: null, targets: [] };
    const targets = read.targets.filter((each) => sees(each.account) && concerns(each, at, wanted));
    return { row, type: read.type, targets };
  });
  const names = await placeNames(scope, kept);
  const items = kept.map(({ row, type, targets }) => ({
    ...{ id: row.id, type, findings: row.findings, reason: row.reason, evidence: row.evidence },
    targets: targets.slice(0, MOST_TARGETS).map((target) => wordsOf(target, names, catalogue)),
    moreTargets: Math.max(0, targets.length - MOST_TARGETS),
    ...{ requestedBy: row.requestedBy, approvedBy: row.decidedBy ?? "", expiresAt: row.expiresAt },
  }));
  return { items, more: Math.max(0, (rows[0]?.total ?? 0) - rows.length) };
}

import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { LEDGER_STEPS, type LedgerStep } from "../ledger";
import { MOVER_COLUMNS, MOVER_TABLES, type MoverRecord, moverOf } from "../mover/row";
import type { Mover } from "../mover/schema";
import { coverageChange, entryShows, FIRST, HAPPENED, LEAST_COVERAGE } from "../point/moved";

/** The exemption that moved the score by beginning or ending, and who let it. */
export interface MovingExemption {
  id: string;
  reason: string;
  by: string;
  /** Whether it ended. */
  over: boolean;
  /** Whether it holds now: where the page of exemptions has it. */
  active: boolean;
}

/** One thing that happened: the score or what of it is seen moved for a reason, or a cluster came or went. */
export interface Happening {
  at: Date;
  cluster: { id: string; name: string } | null;
  /** Whose scan it was; null for clusters, and when the scan is not kept any more. */
  mover: Mover | null;
  /** What moved it where no scan did; null also when that was not kept. */
  exemption: MovingExemption | null;
  /** `new` and `gone` are clusters; the rest are the ledger's steps. */
  what: LedgerStep | "new" | "gone-cluster";
  /** Points of the fleet's score, or of the account's for a scope on some accounts only. */
  delta: number;
  resources: number;
  /** With `coverage`: how many of the resources were lost sight of; null when that was not told apart. */
  lost: number | null;
  /** With `coverage`: how it changed, −1…1. Else 0. */
  coverage: number;
  /** The point whose ledger says it; null for clusters. */
  pointId: string | null;
}

const ledgerSchema = z
  .array(
    z.object({
      step: z.enum(LEDGER_STEPS),
      delta: z.number(),
      resources: z.number().catch(0).default(0),
      lost: z.number().optional(),
    }),
  )
  .catch([]);
const MOST_POINTS = 500;

interface PointRecord extends MoverRecord {
  id: string;
  at: Date;
  ledger: unknown;
  coverage: number | null;
  coverageBefore: number | null;
  first: boolean;
  exemption: MovingExemption | null;
}

/** Of "ScorePoint" p and its "Exemption" x: it ended by this point, or it began with it. */
const EXEMPTION = `CASE WHEN x.id IS NOT NULL THEN jsonb_build_object('id', x.id, 'reason', x.reason, 'active', x.state = 'active',
  'over', coalesce(x."endedAt" <= p.at, false), 'by', CASE WHEN x."endedAt" <= p.at THEN x."endedBy" ELSE coalesce(x."decidedBy", x."requestedBy") END) END`;

/** Points of the fleet, or of each account of a scope on some accounts only, newest first: those at $2 and later, or those before it at which something happened. */
const pointsSql = (when: ">=" | "<", limit: string): string =>
  `SELECT p.id, p.at, p.ledger, p.coverage, p."coverageBefore", ${FIRST} AS first, ${EXEMPTION} AS exemption, ${MOVER_COLUMNS}
   FROM "ScorePoint" p LEFT JOIN "Exemption" x ON x.id = p."exemptionId" ${MOVER_TABLES}
   WHERE p.at ${when} $2 AND CASE WHEN $1::uuid[] IS NULL THEN p.scope = 'fleet' AND p."scopeId" IS NULL
     ELSE p.scope = 'account' AND p."scopeId" = ANY($1) END
     ${when === ">=" ? "" : `AND ${HAPPENED}`}
   ORDER BY p.at DESC, p.id DESC LIMIT ${limit}`;

/** One for each entry of a point's ledger, and one for coverage where it changed, whether or not the score did. */
function happeningsOf(point: PointRecord): Happening[] {
  const mover = moverOf(point);
  const entries = ledgerSchema.parse(point.ledger);
  const coverage = point.first ? 0 : coverageChange(point.coverageBefore, point.coverage);
  if (coverage !== 0 && !entries.some(({ step }) => step === "coverage"))
    entries.push({ step: "coverage", delta: 0, resources: 0, lost: 0 });
  return entries.map(({ step, delta, resources, lost }) => ({
    at: point.at,
    cluster: mover?.cluster ?? null,
    mover,
    exemption: point.exemption,
    what: step,
    delta,
    resources,
    lost: lost ?? null,
    coverage: step === "coverage" ? coverage : 0,
    pointId: point.id,
  }));
}
/** A hundredth of coverage weighs as much as a point of the score, so that no fall of coverage hides behind small moves. */
const weightOf = ({ delta, coverage }: Happening): number => Math.max(Math.abs(delta), Math.abs(coverage) * 100);
const byWeight = (a: Happening, b: Happening): number => weightOf(b) - weightOf(a);
const shows = ({ what, delta, resources, coverage }: Happening): boolean =>
  Math.abs(coverage) >= LEAST_COVERAGE ||
  (what !== "new" && what !== "gone-cluster" && entryShows({ step: what, delta, resources }));

/** What two happenings of one kind are told apart by: where it was, or which exemption began or ended. */
const placeOf = ({ cluster, mover, exemption }: Happening): string =>
  cluster?.id ?? mover?.account.id ?? (exemption === null ? "" : `${exemption.id}${exemption.over ? " over" : ""}`);

/** The newest change of the score or its coverage before `before`, by the largest entry of its ledger; null when there was none. */
export async function lastChange(scope: AccountScope, before: Date): Promise<Happening | null> {
  const { rows } = await pool().query<PointRecord>(pointsSql("<", "1"), [scope.accountIds, before]);
  return rows.flatMap(happeningsOf).sort(byWeight)[0] ?? null;
}

/** What moved the score or its coverage since `since`, largest first, at most `limit`, each reason of each cluster once; and clusters that came or went. */
export async function happenings(scope: AccountScope, since: Date, limit: number): Promise<Happening[]> {
  const [points, clusters] = await Promise.all([
    pool().query<PointRecord>(pointsSql(">=", "$3"), [scope.accountIds, since, MOST_POINTS]),
    pool().query<{ id: string; name: string; at: Date; gone: boolean }>(
      `SELECT id, name, coalesce("goneAt", "firstSeenAt") AS at, "goneAt" IS NOT NULL AS gone FROM "Cluster"
       WHERE coalesce("goneAt", "firstSeenAt") >= $2 AND ($1::uuid[] IS NULL OR "accountId" = ANY($1)) ORDER BY 3 DESC LIMIT $3`,
      [scope.accountIds, since, limit],
    ),
  ]);
  const merged = new Map<string, Happening>();
  for (const each of points.rows.flatMap(happeningsOf)) {
    const key = `${placeOf(each)}/${each.what}`;
    const known = merged.get(key);
    if (known === undefined) merged.set(key, each);
    else {
      known.delta += each.delta;
      known.resources += each.resources;
      known.lost = known.lost === null || each.lost === null ? null : known.lost + each.lost;
      known.coverage += each.coverage;
    }
  }
  const moved = [...merged.values()].filter(shows).sort(byWeight);
  const came = clusters.rows.map(
    (row): Happening => ({
      at: row.at,
      cluster: { id: row.id, name: row.name },
      mover: null,
      exemption: null,
      what: row.gone ? "gone-cluster" : "new",
      delta: 0,
      resources: 0,
      lost: null,
      coverage: 0,
      pointId: null,
    }),
  );
  return [...came, ...moved].slice(0, limit);
}

import type { Exemptions } from "@/domain/inventory/exemptions";
import type { LedgerEntry } from "../ledger";

/** The least points of a score, and the least of coverage 0…1, that show when they are written with their decimals. */
export const LEAST_DELTA = 0.005;
export const LEAST_COVERAGE = 0.0005;

/** How coverage changed from one point to the next, −1…1. Where nothing was expected nothing was missed: that counts as all. */
export const coverageChange = (before: number | null, after: number | null): number => (after ?? 1) - (before ?? 1);

/**
 * Whether an entry of a ledger shows: by its points, or because resources were lost sight of or seen again. That is told even
 * where the score stood: unknown is never less seen than what moved points.
 */
export const entryShows = ({ step, delta, resources }: LedgerEntry): boolean =>
  Math.abs(delta) >= LEAST_DELTA || (step === "coverage" && resources > 0);

/** One comparison each, for the index: `IS NOT DISTINCT FROM` would read every point before. */
const noneBefore = (subject: string): string =>
  `NOT EXISTS (SELECT FROM "ScorePoint" b WHERE b.scope = p.scope AND b."scopeId" ${subject} AND (b.at, b.id) < (p.at, p.id))`;
/**
 * SQL of whether a point is the first of its subject, over "ScorePoint" p: it changed nothing. Points before it may be kept no more;
 * that there were some, what coverage was before tells. Where nothing was expected before it, the oldest that is kept passes for a first.
 */
export const FIRST = `(p."coverageBefore" IS NULL AND CASE WHEN p."scopeId" IS NULL THEN ${noneBefore("IS NULL")} ELSE ${noneBefore(`= p."scopeId"`)} END)`;

const COVERAGE_MOVED = `abs(coalesce(p.coverage, 1) - coalesce(p."coverageBefore", 1)) >= ${LEAST_COVERAGE}`;
const LOST_SIGHT = `e->>'step' = 'coverage' AND (e->>'resources')::int > 0`;
const entryIs = (condition: string): string =>
  `EXISTS (SELECT FROM jsonb_array_elements(p.ledger) e WHERE ${condition})`;
const ENTRY_SHOWS = entryIs(`abs((e->>'delta')::float8) >= ${LEAST_DELTA} OR (${LOST_SIGHT})`);
/** SQL of `entryShows` for one entry of a point's ledger, or of a change of coverage that shows, over "ScorePoint" p. */
export const MOVED = `(${COVERAGE_MOVED} OR ${ENTRY_SHOWS})`;
/** The same of what happened: that coverage is not whole at a first reading is no change. */
export const HAPPENED = `(${MOVED} AND (${ENTRY_SHOWS} OR NOT ${FIRST}))`;
const NET = `abs((SELECT coalesce(sum((e->>'delta')::float8), 0) FROM jsonb_array_elements(p.ledger) e)) >= ${LEAST_DELTA}`;
/** Parts that may be parts of the score without exemptions, too: not what exemptions did, nor what they made an account weigh. */
const OTHER_PARTS = entryIs(
  `abs((e->>'delta')::float8) >= ${LEAST_DELTA} AND (NOT p.ledger @> '[{"step": "exemptions"}]' OR e->>'step' NOT IN ('exemptions', 'weights'))`,
);
/**
 * The same of the score without exemptions, of which no ledger is kept: its change says that it moved, and so do the parts of the kept
 * ledger, since parts may cancel out. A point that does not know how it changed has its ledger alone.
 */
const MOVED_WITHOUT = `(CASE WHEN p."changeWithoutExemptions" IS NULL THEN ${MOVED} OR ${NET}
  ELSE ${COVERAGE_MOVED} OR abs(p."changeWithoutExemptions") >= ${LEAST_DELTA} OR ${entryIs(LOST_SIGHT)} OR ${OTHER_PARTS} END)`;
/** SQL of whether a point moved what is looked at, over "ScorePoint" p. A first reading always did, be it a score of 0. */
export const movedSql = (exemptions: Exemptions): string =>
  `(${exemptions === "without" ? MOVED_WITHOUT : `${MOVED} OR ${NET}`} OR ${FIRST})`;

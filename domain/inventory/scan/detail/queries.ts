import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { type Gap, gapSchema } from "../../schema";

export interface ScanDetail {
  id: string;
  kind: string;
  trigger: string;
  status: string;
  reasons: Gap[];
  stats: {
    changed: number | null;
    gone: number | null;
    evaluated: number | null;
    opened: number | null;
    resolved: number | null;
    /** Objects listed by kind, most first. */
    listed: [kind: string, amount: number][];
    /** Milliseconds by step. */
    ms: [step: string, amount: number][];
  };
  queuedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  clusterId: string | null;
  clusterName: string | null;
  accountId: string;
  accountName: string;
}

const amount = z.number().nullable().catch(null).default(null);
const amounts = z.record(z.string(), z.number()).catch({}).default({});
const statsSchema = z
  .object({
    changed: amount,
    gone: amount,
    evaluated: amount,
    opened: amount,
    resolved: amount,
    listed: amounts,
    ms: amounts,
  })
  .catch({ changed: null, gone: null, evaluated: null, opened: null, resolved: null, listed: {}, ms: {} });
const gapsSchema = z.array(gapSchema).catch([]);
const falling = (record: Record<string, number>): [string, number][] =>
  Object.entries(record).sort(([, a], [, b]) => b - a);

/** One scan with all its gaps and figures; null when there is none or it lies outside the scope. */
export async function readScan(scope: AccountScope, id: string): Promise<ScanDetail | null> {
  const { rows } = await pool().query<Omit<ScanDetail, "reasons" | "stats"> & { reasons: unknown; stats: unknown }>(
    `SELECT s.id, s.kind, s.trigger, s.status, s.reasons, s.stats, s."queuedAt", s."startedAt", s."finishedAt", s."clusterId",
       c.name AS "clusterName", s."accountId", a.name AS "accountName"
     FROM "Scan" s JOIN "Account" a ON a.id = s."accountId" LEFT JOIN "Cluster" c ON c.id = s."clusterId"
     WHERE s.id = $2 AND ($1::uuid[] IS NULL OR s."accountId" = ANY($1))`,
    [scope.accountIds, id],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const stats = statsSchema.parse(row.stats);
  return {
    ...row,
    reasons: gapsSchema.parse(row.reasons),
    stats: { ...stats, listed: falling(stats.listed), ms: falling(stats.ms) },
  };
}

import "server-only";
import type { PoolClient } from "pg";
import { appendAudit } from "@/domain/access/audit";
import { type AccountScope, ForbiddenError } from "@/domain/access/scope";
import { inTransaction, pool } from "@/lib/db";
import { publish } from "@/lib/events";
import { uuidv7 } from "@/lib/id";
import { accountStandings, scoreAll, totalsOf } from "../queries";
import { auditName } from "./choice";
import { movedBy, readKept } from "./kept";
import { ExemptionError, expiryProblem, type Reach, requireReach } from "./reach";
import { applyExemptionChange } from "./reconcile/store";
import { ruleIn } from "./rule/mutations";
import { type ExemptionRequest, type ExemptionState, UNREADABLE } from "./schema";
import { allowed, sameExemption } from "./store";

interface Row {
  id: string;
  type: string;
  state: ExemptionState;
  targets: unknown;
  everywhere: boolean;
  accountIds: string[];
  reason: string;
  expiresAt: Date | null;
  requestedById: string | null;
  requestedBy: string;
}

/** Events to each account that an exemption reaches, so that each goes to those who see it. */
const MOST_TOLD = 50;
const about = (row: Reach): { accountId?: string } => {
  const [only] = row.accountIds;
  return !row.everywhere && row.accountIds.length === 1 && only !== undefined ? { accountId: only } : {};
};

const nameOf = (row: Row): string => {
  const kept = readKept(row);
  return auditName({ id: row.id, targets: kept.readable ? kept.targets : [], reason: row.reason });
};

type Told = Pick<Row, "id" | "type" | "reason" | "everywhere" | "accountIds">;

/** Tells of an exemption. `more`: what the mail of this kind says besides. */
async function tell(tx: PoolClient, kind: string, row: Told, by: string, more: Record<string, unknown>): Promise<void> {
  const { id: exemptionId, type, reason } = row;
  const payload = { exemptionId, type, reason: reason.slice(0, 400), by, ...more };
  const places = row.everywhere ? [{}] : row.accountIds.slice(0, MOST_TOLD).map((accountId) => ({ accountId }));
  await publish(
    tx,
    places.map((place) => ({ kind: `exemption.${kind}`, ...place, payload })),
  );
}

type Allowed = Awaited<ReturnType<typeof allowed>>;

/** Writes an exemption in a state and, when it is active, its effect. */
async function write(
  tx: PoolClient,
  scope: AccountScope,
  input: ExemptionRequest,
  { targets, reach }: Allowed,
  approval: boolean,
  now: Date,
) {
  const id = uuidv7();
  const state = approval ? ("requested" as const) : ("active" as const);
  await tx.query(
    `INSERT INTO "Exemption" ("id", "type", "state", "targets", "everywhere", "accountIds", "reason", "evidence", "expiresAt", "requestedBy", "requestedById", "requestedAt", "decidedBy", "decidedAt")
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      ...[id, input.type, state, JSON.stringify(targets), reach.everywhere, reach.accountIds],
      ...[input.reason, input.evidence, input.expiresAt, scope.actor, scope.userId, now],
      ...(approval ? [null, null] : [scope.actor, now]),
    ],
  );
  const findings = approval ? 0 : await applyExemptionChange(tx, { id, targets }, now);
  return { id, state, findings };
}

/** What an exemption would do now. Scores are those of what the scope may see; null without any assessment. */
export interface ExemptionPreview {
  findings: number;
  before: number | null;
  after: number | null;
}
class Undone extends Error {
  constructor(readonly preview: ExemptionPreview) {
    super("undone");
  }
}

/** Does it, looks, and undoes it: what it says is what an approval would do. Throws ExemptionError, ForbiddenError. */
export async function previewExemption(scope: AccountScope, input: ExemptionRequest): Promise<ExemptionPreview> {
  try {
    return await inTransaction(pool(), async (tx) => {
      const before = scoreAll(totalsOf(await accountStandings(scope, tx))).score;
      const { findings } = await write(tx, scope, input, await allowed(tx, scope, input), false, new Date());
      throw new Undone({ findings, before, after: scoreAll(totalsOf(await accountStandings(scope, tx))).score });
    });
  } catch (error) {
    if (error instanceof Undone) return error.preview;
    throw error;
  }
}

/**
 * Asks for an exemption; where the organisation's rule asks nobody else it holds at once. Who asks for the same again while it is asked
 * for or holds is told of that one. Throws ExemptionError, ForbiddenError.
 */
export async function requestExemption(
  scope: AccountScope,
  input: ExemptionRequest,
  now: Date = new Date(),
): Promise<{ id: string; state: "requested" | "active"; findings: number }> {
  return inTransaction(pool(), async (tx) => {
    const rule = await ruleIn(tx);
    const problem = expiryProblem(input.expiresAt, rule.longestDays, now);
    if (problem !== null) throw new ExemptionError(problem);
    const where = await allowed(tx, scope, input);
    const { targets, reach } = where;
    const known = await sameExemption(tx, scope, { ...input, targets }, now);
    if (known !== null) return known;
    const { id, state, findings } = await write(tx, scope, input, where, rule.approval, now);
    const { type, reason, expiresAt } = input;
    await appendAudit(tx, scope, {
      action: state === "active" ? "posture.exemption-set" : "posture.exemption-requested",
      target: auditName({ id, targets, reason }),
      ...about(reach),
      after: { type, state, targets, reason, expiresAt, findings },
    });
    await tell(tx, state === "active" ? "approved" : "requested", { id, type, reason, ...reach }, scope.actor, {
      findings,
    });
    return { id, state, findings };
  });
}

/** Locks one that the scope may see and change; null when there is none. */
async function locked(tx: PoolClient, scope: AccountScope, id: string): Promise<Row | null> {
  const { rows } = await tx.query<Row>(`SELECT * FROM "Exemption" WHERE "id" = $1 FOR UPDATE`, [id]);
  const [row] = rows;
  if (row === undefined) return null;
  const seen =
    scope.accountIds === null || row.everywhere || row.accountIds.some((one) => scope.accountIds?.includes(one));
  if (!seen) return null;
  requireReach(scope, row);
  return row;
}

/** The rule of the day on which it is approved holds: an Owner may have shortened what may be asked for since. Throws ExemptionError. */
async function requireEnd(tx: PoolClient, { expiresAt }: Row, now: Date): Promise<void> {
  if (expiresAt !== null && expiresAt <= now) throw new ExemptionError("It would have ended already. Ask for it anew.");
  const { longestDays } = await ruleIn(tx);
  const problem = expiryProblem(expiresAt?.toISOString() ?? null, longestDays, now);
  if (problem === null) return;
  throw new ExemptionError(`The rule is stricter than when this was asked for. ${problem} Reject it, and ask anew.`);
}

/** Throws ExemptionError: what nobody can read nobody can approve. */
function requireReadable(row: Row): void {
  if (!readKept(row).readable) throw new ExemptionError(`${UNREADABLE} Reject it, and ask anew.`);
}

/**
 * Approves or rejects a request. Who asked never decides. The same decision again changes nothing. Null when there is no such
 * request. Throws ExemptionError when it was decided otherwise already, or would hold for longer than the rule allows now; ForbiddenError.
 */
export async function decideExemption(
  scope: AccountScope,
  id: string,
  approve: boolean,
  note: string | null,
  now: Date = new Date(),
): Promise<{ findings: number } | null> {
  return inTransaction(pool(), async (tx) => {
    const row = await locked(tx, scope, id);
    if (row === null) return null;
    const to = approve ? "active" : "rejected";
    if (row.state === to) return { findings: 0 };
    if (row.state !== "requested") throw new ExemptionError(`This exemption is ${row.state} already.`);
    if (scope.userId === null || scope.userId === row.requestedById)
      throw new ForbiddenError("Another person must decide on this: nobody approves what they asked for.");
    if (approve) requireReadable(row);
    if (approve) await requireEnd(tx, row, now);
    await tx.query(
      `UPDATE "Exemption" SET "state" = $2, "decidedBy" = $3, "decidedAt" = $4, "note" = $5 WHERE "id" = $1`,
      [id, to, scope.actor, now, note],
    );
    const findings = approve ? await applyExemptionChange(tx, { id, targets: movedBy(row) }, now) : 0;
    await appendAudit(tx, scope, {
      action: approve ? "posture.exemption-approved" : "posture.exemption-rejected",
      target: nameOf(row),
      ...about(row),
      before: { state: row.state },
      after: { state: to, note, findings },
    });
    await tell(tx, approve ? "approved" : "rejected", row, scope.actor, { findings });
    return { findings };
  });
}

async function end(
  tx: PoolClient,
  scope: AccountScope,
  row: Row,
  to: "withdrawn" | "expired",
  now: Date,
): Promise<number> {
  await tx.query(`UPDATE "Exemption" SET "state" = $2, "endedAt" = $3, "endedBy" = $4 WHERE "id" = $1`, [
    row.id,
    to,
    now,
    scope.actor,
  ]);
  const changed = { id: row.id, targets: movedBy(row) };
  const findings = row.state === "active" ? await applyExemptionChange(tx, changed, now) : 0;
  await appendAudit(tx, scope, {
    action: `posture.exemption-${to}`,
    target: nameOf(row),
    ...about(row),
    before: { state: row.state },
    after: { state: to, findings },
  });
  await tell(tx, "ended", row, scope.actor, { findings, how: to });
  return findings;
}

/** Takes a request or an exemption back: its effect ends at once. Null when there is none. Throws ExemptionError, ForbiddenError. */
export async function withdrawExemption(
  scope: AccountScope,
  id: string,
  now: Date = new Date(),
): Promise<{ findings: number } | null> {
  return inTransaction(pool(), async (tx) => {
    const row = await locked(tx, scope, id);
    if (row === null) return null;
    if (row.state === "withdrawn") return { findings: 0 };
    if (row.state !== "requested" && row.state !== "active")
      throw new ExemptionError(`This exemption is ${row.state} already.`);
    return { findings: await end(tx, scope, row, "withdrawn", now) };
  });
}

/**
 * Ends an exemption whose time is over, in the caller's transaction. False when it is not, when it ended already, or when somebody decides on
 * it at this moment. For the tick.
 */
export async function expireExemption(tx: PoolClient, scope: AccountScope, id: string, now: Date): Promise<boolean> {
  const { rows } = await tx.query<Row>(
    `SELECT * FROM "Exemption" WHERE "id" = $1 AND "state" IN ('active', 'requested') AND "expiresAt" <= $2 FOR UPDATE SKIP LOCKED`,
    [id, now],
  );
  const [row] = rows;
  if (row === undefined) return false;
  await end(tx, scope, row, "expired", now);
  return true;
}

/** Reminds once within seven days of an end, and once within one. Returns how many. For the tick. */
export async function remindOfEnds(tx: PoolClient, scope: AccountScope, now: Date): Promise<number> {
  const { rows } = await tx.query<Row & { days: number; findings: number }>(
    `UPDATE "Exemption" e SET "remindedDays" = CASE WHEN e."expiresAt" <= $1::timestamptz + interval '1 day' THEN 1 ELSE 7 END
     WHERE e."state" = 'active' AND e."expiresAt" > $1 AND (
       (e."expiresAt" <= $1::timestamptz + interval '1 day' AND e."remindedDays" IS DISTINCT FROM 1 AND e."decidedAt" < e."expiresAt" - interval '1 day')
       OR (e."expiresAt" <= $1::timestamptz + interval '7 days' AND e."remindedDays" IS NULL AND e."decidedAt" < e."expiresAt" - interval '7 days'))
     RETURNING e.*, ceil(extract(epoch FROM e."expiresAt" - $1) / 86400)::int AS days,
       (SELECT count(*)::int FROM "Finding" f WHERE f."exemptionId" = e.id AND f.state = 'open') AS findings`,
    [now],
  );
  for (const row of rows) await tell(tx, "ending", row, scope.actor, { findings: row.findings, days: row.days });
  return rows.length;
}

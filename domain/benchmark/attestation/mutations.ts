import "server-only";
import type pg from "pg";
import { appendAudit } from "@/domain/access/audit";
import { type AccountScope, requireRole } from "@/domain/access/scope";
import { inTransaction, pool } from "@/lib/db";
import { announce } from "@/lib/events";
import { uuidv7 } from "@/lib/id";
import { findRequirement } from "../catalogue";
import type { Place } from "../place";
import { decidedBy } from "../schema";
import { type AttestationInput, MOST_DAYS } from "./schema";

/** An attestation that cannot be made; the message says why. `missing`: what it is about is not there, or not to be seen. */
export class AttestationError extends Error {
  override name = "AttestationError";
  readonly code = "attestation";
  readonly missing: boolean;
  constructor(message: string, { missing = false }: { missing?: boolean } = {}) {
    super(message);
    this.missing = missing;
  }
}

interface Found {
  accountId: string;
  name: string;
  /** Its account is being removed. */
  removed: boolean;
  gone: boolean;
  /** It is a second name of another cluster. */
  second: boolean;
  /** That other cluster; null where the scope does not see it. */
  first: string | null;
}

interface Placed {
  accountId: string | null;
  /** As the audit log names it. */
  words: string;
}

/** Why nothing is read of a place any more; null while it is there. */
function goneOf(what: string, found: Found): string | null {
  if (found.removed)
    return what === "account"
      ? `The account ${found.name} is being removed.`
      : `The account of the cluster ${found.name} is being removed.`;
  if (found.second)
    return `The cluster ${found.name} is a second name of ${found.first === null ? "a cluster of another account." : `${found.first}. Attest there.`}`;
  return found.gone ? `The cluster ${found.name} is gone.` : null;
}

/** Of "Cluster" c: the cluster f that it is a second name of, be it through others that are second names themselves. */
const FIRST_NAME = `LEFT JOIN LATERAL (
  WITH RECURSIVE n AS (
    SELECT s.id, s.name, s."accountId", s."aliasOf" FROM "Cluster" s WHERE s.id = c."aliasOf"
    UNION SELECT s.id, s.name, s."accountId", s."aliasOf" FROM n JOIN "Cluster" s ON s.id = n."aliasOf"
  ) SELECT name, "accountId" FROM n WHERE "aliasOf" IS NULL) f ON true`;

/**
 * The account of a place that the scope sees, held as it is until the transaction ends. Throws AttestationError where there is none
 * or nothing is read of it any more, ForbiddenError without the role.
 */
async function settlePlace(tx: pg.PoolClient, scope: AccountScope, place: Place): Promise<Placed> {
  if (place.scope === "fleet") {
    requireRole(scope, "Security Admin");
    return { accountId: null, words: "everything" };
  }
  const { rows } = await tx.query<Found>(
    place.scope === "account"
      ? `SELECT id AS "accountId", name, "removedAt" IS NOT NULL AS removed, false AS gone, false AS second, NULL AS first FROM "Account" a
         WHERE id = $2 AND ($1::uuid[] IS NULL OR id = ANY($1)) FOR SHARE OF a`
      : `SELECT c."accountId", c.name, a."removedAt" IS NOT NULL AS removed, c."goneAt" IS NOT NULL AS gone, f."accountId" IS NOT NULL AS second,
           CASE WHEN $1::uuid[] IS NULL OR f."accountId" = ANY($1) THEN f.name END AS first
         FROM "Cluster" c JOIN "Account" a ON a.id = c."accountId" ${FIRST_NAME}
         WHERE c.id = $2 AND ($1::uuid[] IS NULL OR c."accountId" = ANY($1)) FOR SHARE OF a`,
    [scope.accountIds, place.id],
  );
  const [found] = rows;
  if (found === undefined) throw new AttestationError(`There is no such ${place.scope}.`, { missing: true });
  requireRole(scope, "Security Admin", found.accountId);
  const why = goneOf(place.scope, found);
  if (why !== null) throw new AttestationError(why);
  return { accountId: found.accountId, words: found.name };
}

/**
 * Says of a manual requirement that it is met, not met or not applicable, for a place and until a moment. It replaces what was said
 * of that place before; the very same again changes nothing. Throws AttestationError, ForbiddenError. Returns the id.
 */
export async function attest(scope: AccountScope, input: AttestationInput, now: Date = new Date()): Promise<string> {
  const found = findRequirement(input.benchmark, input.requirement);
  if (found === null) throw new AttestationError("There is no such requirement.", { missing: true });
  if (decidedBy(found.requirement) === "controls")
    throw new AttestationError("Controls decide this requirement. To accept a failing resource, request an exemption.");
  const until = new Date(input.until);
  const { benchmark, requirement, place, state, evidence, link } = input;
  const scopeId = place.scope === "fleet" ? null : place.id;
  return inTransaction(pool(), async (tx) => {
    const { accountId, words } = await settlePlace(tx, scope, place);
    if (until <= now) throw new AttestationError("The last day has passed already.");
    if (until.getTime() - now.getTime() > MOST_DAYS * 86_400_000)
      throw new AttestationError(`It may last ${MOST_DAYS} days at the most: things change.`);
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [
      `attestation ${benchmark} ${requirement} ${scopeId ?? ""}`,
    ]);
    const live = await tx.query<{
      id: string;
      state: string;
      evidence: string;
      link: string | null;
      until: Date;
    }>(
      `SELECT id, state, evidence, link, until FROM "Attestation"
       WHERE "benchmarkId" = $1 AND "requirementId" = $2 AND scope = $3 AND "scopeId" IS NOT DISTINCT FROM $4 AND "endedAt" IS NULL AND until > $5
       ORDER BY at DESC, id DESC`,
      [benchmark, requirement, place.scope, scopeId, now],
    );
    const [before] = live.rows;
    if (
      before !== undefined &&
      before.state === state &&
      before.evidence === evidence &&
      before.link === link &&
      before.until.getTime() === until.getTime()
    )
      return before.id;
    await tx.query(`UPDATE "Attestation" SET "endedAt" = $2, "endedBy" = $3 WHERE id = ANY($1::uuid[])`, [
      live.rows.map(({ id }) => id),
      now,
      scope.actor,
    ]);
    const id = uuidv7(now.getTime());
    await tx.query(
      `INSERT INTO "Attestation" (id, "benchmarkId", "requirementId", scope, "scopeId", "accountId", state, evidence, link, "byId", by, at, until)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        ...[id, benchmark, requirement, place.scope, scopeId, accountId, state, evidence, link],
        ...[scope.userId, scope.actor, now, until],
      ],
    );
    await appendAudit(tx, scope, {
      action: "compliance.attested",
      target: `${benchmark} ${requirement} for ${words}`,
      ...(accountId === null ? {} : { accountId }),
      ...(before === undefined ? {} : { before: { state: before.state, until: before.until.toISOString() } }),
      after: { state, until: until.toISOString() },
      detail: { evidence, link },
    });
    await announce(tx, "compliance");
    return id;
  });
}

/** Takes an attestation back; nothing happens when that was done, or it ran out. Throws AttestationError, ForbiddenError. */
export async function withdraw(scope: AccountScope, id: string, now: Date = new Date()): Promise<void> {
  await inTransaction(pool(), async (tx) => {
    const { rows } = await tx.query<{
      benchmarkId: string;
      requirementId: string;
      accountId: string | null;
      scope: string;
      state: string;
      live: boolean;
    }>(
      `SELECT "benchmarkId", "requirementId", "accountId", scope, state, "endedAt" IS NULL AND until > $3 AS live FROM "Attestation"
       WHERE id = $2 AND (scope = 'fleet' OR $1::uuid[] IS NULL OR "accountId" = ANY($1)) FOR UPDATE`,
      [scope.accountIds, id, now],
    );
    const [found] = rows;
    if (found === undefined) throw new AttestationError("There is no such attestation.", { missing: true });
    requireRole(scope, "Security Admin", found.accountId ?? undefined);
    if (!found.live) return;
    await tx.query(`UPDATE "Attestation" SET "endedAt" = $2, "endedBy" = $3 WHERE id = $1`, [id, now, scope.actor]);
    await appendAudit(tx, scope, {
      action: "compliance.attestation-withdrawn",
      target: `${found.benchmarkId} ${found.requirementId}`,
      ...(found.accountId === null ? {} : { accountId: found.accountId }),
      before: { state: found.state },
      detail: { id },
    });
    await announce(tx, "compliance");
  });
}

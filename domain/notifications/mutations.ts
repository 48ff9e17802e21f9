import "server-only";
import type pg from "pg";
import { appendAudit } from "@/domain/access/audit";
import { type AccountScope, hasRole } from "@/domain/access/scope";
import { inTransaction, pool } from "@/lib/db";
import { announce } from "@/lib/events";
import { uuidv7 } from "@/lib/id";
import { enqueue } from "@/lib/jobs";
import { sender } from "@/lib/sender";
import { changes } from "./change";
import { NotificationError, RaceError, RemovalRaceError } from "./notification-error";
import type { Policy, RouteInput } from "./schema";
import { requireSettings } from "./settings-gate";

/**
 * Stores the limits over those of the version `begun`, null for none, and resolves with their version. Writing the same again changes
 * nothing. Throws RaceError when somebody stored others since.
 */
export async function saveLimits(scope: AccountScope, policy: Policy, begun: string | null): Promise<string> {
  requireSettings(scope);
  return inTransaction(pool(), async (tx) => {
    const { rows } = await tx.query<Policy & { version: string }>(
      `SELECT critical, high, medium, low, "scoreFall", "updatedAt"::text AS version FROM "NotificationPolicy" WHERE id = 'policy' FOR UPDATE`,
    );
    const { version, ...before } = rows[0] ?? {};
    const changed = changes(version === undefined ? undefined : before, policy);
    if (version !== undefined && Object.keys(changed.after).length === 0) return version;
    const stored = await tx.query<{ version: string }>(
      `INSERT INTO "NotificationPolicy" (id, critical, high, medium, low, "scoreFall", "updatedAt") VALUES ('policy', $1, $2, $3, $4, $5, now())
       ON CONFLICT (id) DO UPDATE SET critical = $1, high = $2, medium = $3, low = $4, "scoreFall" = $5, "updatedAt" = now()
       WHERE "NotificationPolicy"."updatedAt"::text = $6 RETURNING "updatedAt"::text AS version`,
      [policy.critical, policy.high, policy.medium, policy.low, policy.scoreFall, begun],
    );
    const [saved] = stored.rows;
    if (saved === undefined) throw new RaceError("Somebody changed the limits");
    await appendAudit(tx, scope, { action: "notifications.limits-saved", target: "limits", ...changed });
    return saved.version;
  });
}

/**
 * Makes a route (`id` null), or changes the version `begun` of one. Resolves with its id. Throws NotificationError when it is gone,
 * RaceError when somebody changed it since.
 */
export async function saveRoute(
  scope: AccountScope,
  id: string | null,
  route: RouteInput,
  begun: string | null = null,
): Promise<string> {
  requireSettings(scope);
  return inTransaction(pool(), async (tx) => {
    const before = id === null ? undefined : await lockRoute(tx, id, begun);
    const saved = id ?? uuidv7();
    await tx.query(
      `INSERT INTO "NotificationRoute" (id, name, enabled, kinds, "minSeverity", "accountIds", "clusterIds", namespaces, owners, "toUsers", "toRoles", "toAddresses", pace, "updatedAt")
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, now())
       ON CONFLICT (id) DO UPDATE SET name = $2, enabled = $3, kinds = $4, "minSeverity" = $5, "accountIds" = $6, "clusterIds" = $7, namespaces = $8, owners = $9,
         "toUsers" = $10, "toRoles" = $11, "toAddresses" = $12, pace = $13, "updatedAt" = now()`,
      [
        saved,
        route.name,
        route.enabled,
        route.kinds,
        route.minSeverity,
        route.accountIds,
        route.clusterIds,
        route.namespaces,
        route.owners,
        route.toUsers,
        route.toRoles,
        route.toAddresses,
        route.pace,
      ],
    );
    const changed = changes(before, route);
    await appendAudit(tx, scope, {
      action: id === null ? "notifications.route-made" : "notifications.route-changed",
      target: route.name,
      ...(id === null ? { after: changed.after } : changed),
    });
    return saved;
  });
}

async function lockRoute(tx: pg.PoolClient, id: string, begun: string | null): Promise<RouteInput> {
  const { rows } = await tx.query<RouteInput & { version: string }>(
    `SELECT name, enabled, kinds, "minSeverity", "accountIds", "clusterIds", namespaces, owners, "toUsers", "toRoles", "toAddresses", pace,
       "updatedAt"::text AS version FROM "NotificationRoute" WHERE id = $1 FOR UPDATE`,
    [id],
  );
  if (rows[0] === undefined) throw new NotificationError("This route is gone. Somebody else removed it.");
  const { version, ...route } = rows[0];
  if (version !== begun) throw new RaceError("Somebody changed this route");
  return route;
}

/** Removes the version `begun` of a route; doing it twice is no error. Throws RemovalRaceError when somebody changed it since. */
export async function removeRoute(scope: AccountScope, id: string, begun: string): Promise<void> {
  requireSettings(scope);
  await inTransaction(pool(), async (tx) => {
    const { rows } = await tx.query<RouteInput & { version: string }>(
      `SELECT *, "updatedAt"::text AS version FROM "NotificationRoute" WHERE id = $1 FOR UPDATE`,
      [id],
    );
    const [route] = rows;
    if (route === undefined) return;
    if (route.version !== begun) throw new RemovalRaceError("Somebody changed this route");
    await tx.query(`DELETE FROM "NotificationRoute" WHERE id = $1`, [id]);
    const { name, kinds, minSeverity, toUsers, toRoles, toAddresses } = route;
    const before = { name, kinds, minSeverity, toUsers, toRoles, toAddresses };
    await appendAudit(tx, scope, { action: "notifications.route-removed", target: name, before });
  });
}

/** Sends a delivery that gave up once more, from the first attempt on. Throws NotificationError when it is in no such state. */
export async function retryDelivery(scope: AccountScope, id: string): Promise<void> {
  requireSettings(scope);
  const boss = await sender();
  await inTransaction(pool(), async (tx) => {
    const { rows } = await tx.query<{ address: string }>(
      `UPDATE "Delivery" SET state = 'queued', attempts = 0, "nextAttemptAt" = now(), reason = NULL WHERE id = $1 AND state = 'failed' RETURNING address`,
      [id],
    );
    const [row] = rows;
    if (row === undefined) throw new NotificationError("This mail is under way already, or was removed.");
    await enqueue(boss, tx, "send-mail", {});
    await appendAudit(tx, scope, {
      action: "notifications.delivery-retried",
      target: row.address,
      detail: { delivery: id },
    });
    await announce(tx, "delivery");
  });
}

/** Lets what is held for a recipient leave now, as a digest: a person's own, or anybody's for Security Admins of everything. */
export async function releaseNow(scope: AccountScope, recipientId: string): Promise<void> {
  const boss = await sender();
  await inTransaction(pool(), async (tx) => {
    const { rows } = await tx.query<{ userId: string | null }>(`SELECT "userId" FROM "Recipient" WHERE id = $1`, [
      recipientId,
    ]);
    const mine = scope.userId !== null && rows[0]?.userId === scope.userId;
    if (!mine && !hasRole(scope, "Security Admin")) throw new NotificationError("Nothing is held for you there.");
    const { rowCount } = await tx.query(
      `UPDATE "Notice" SET "heldUntil" = now() WHERE "recipientId" = $1 AND "deliveryId" IS NULL AND "heldUntil" > now()`,
      [recipientId],
    );
    if ((rowCount ?? 0) === 0) return;
    await enqueue(boss, tx, "notify", {});
    await appendAudit(tx, scope, {
      action: "notifications.held-released",
      target: recipientId,
      detail: { notices: rowCount },
    });
    await announce(tx, "delivery");
  });
}

/** Ends mail to a recipient, whom a signed link named. Twice is no error. Returns false when there is none. */
export async function unsubscribe(recipientId: string): Promise<boolean> {
  return inTransaction(pool(), async (tx) => {
    const { rowCount } = await tx.query(
      `UPDATE "Recipient" SET "unsubscribedAt" = coalesce("unsubscribedAt", now()), "updatedAt" = now() WHERE id = $1`,
      [recipientId],
    );
    await tx.query(
      `UPDATE "Notice" SET "heldUntil" = NULL, reason = 'unsubscribed' WHERE "recipientId" = $1 AND "deliveryId" IS NULL AND "heldUntil" IS NOT NULL`,
      [recipientId],
    );
    return (rowCount ?? 0) > 0;
  });
}

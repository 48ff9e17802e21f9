import "server-only";
import { type AccountScope, hasRole } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import type { MailServerRow } from "./delivery/queries";
import type { RouteRow } from "./route";
import { DEFAULT_POLICY, type DeliveryState, type Policy, type Template } from "./schema";
import { requireSettings } from "./settings-gate";

/** The mail server as the console shows it: whether there is a password, never which. */
export interface MailServerView extends Omit<MailServerRow, "sealed"> {
  hasPassword: boolean;
  enabled: boolean;
  problem: string | null;
  checkedAt: Date | null;
  pausedUntil: Date | null;
  version: string;
}

/** The mail server; null when none was entered. Throws ForbiddenError without Security Admin on everything. */
export async function readServer(scope: AccountScope): Promise<MailServerView | null> {
  requireSettings(scope);
  const { rows } = await pool().query<MailServerView>(
    `SELECT host, port, security, username, sealed IS NOT NULL AS "hasPassword", "fromAddress", "fromName", "baseUrl", enabled, problem, "checkedAt", "pausedUntil", "updatedAt"::text AS version FROM "MailServer"`,
  );
  return rows[0] ?? null;
}

/** Whether mail leaves at all, for everybody: what a person may know of the settings. */
export async function mailState(_scope: AccountScope): Promise<"off" | "on" | "troubled"> {
  const { rows } = await pool().query<{ enabled: boolean; troubled: boolean }>(
    `SELECT enabled, problem IS NOT NULL AS troubled FROM "MailServer"`,
  );
  const row = rows[0];
  return row?.enabled === true ? (row.troubled ? "troubled" : "on") : "off";
}

/** Limits and the fall of a score that is told, with their version, null for the defaults. Throws ForbiddenError without Security Admin on everything. */
export async function readLimits(scope: AccountScope): Promise<Policy & { version: string | null }> {
  requireSettings(scope);
  const { rows } = await pool().query<Policy & { version: string }>(
    `SELECT critical, high, medium, low, "scoreFall", "updatedAt"::text AS version FROM "NotificationPolicy" WHERE id = 'policy'`,
  );
  return rows[0] ?? { ...DEFAULT_POLICY, version: null };
}

/** All routes in the order in which they were made. Throws ForbiddenError. */
export async function listRoutes(scope: AccountScope): Promise<RouteRow[]> {
  requireSettings(scope);
  const { rows } = await pool().query<RouteRow>(
    `SELECT id, name, enabled, kinds, "minSeverity", "accountIds", "clusterIds", namespaces, owners, "toUsers", "toRoles", "toAddresses", pace, "updatedAt"::text AS version
     FROM "NotificationRoute" ORDER BY "createdAt", id LIMIT 500`,
  );
  return rows;
}

export interface Choice {
  id: string;
  name: string;
  detail?: string;
}
export interface RouteChoices {
  accounts: Choice[];
  clusters: Choice[];
  people: Choice[];
}

/** What a route can name. Throws ForbiddenError. */
export async function routeChoices(scope: AccountScope): Promise<RouteChoices> {
  requireSettings(scope);
  const [accounts, clusters, people] = await Promise.all([
    pool().query<Choice>(`SELECT id, name FROM "Account" ORDER BY lower(name), id LIMIT 1000`),
    pool().query<Choice>(
      `SELECT c.id, c.name, a.name AS detail FROM "Cluster" c JOIN "Account" a ON a.id = c."accountId" WHERE c."goneAt" IS NULL ORDER BY lower(c.name), c.id LIMIT 2000`,
    ),
    pool().query<Choice>(
      `SELECT u.id, u.name, u.email AS detail FROM "User" u WHERE EXISTS (SELECT 1 FROM "RoleGrant" g WHERE g."userId" = u.id) ORDER BY lower(u.name), u.id LIMIT 2000`,
    ),
  ]);
  return { accounts: accounts.rows, clusters: clusters.rows, people: people.rows };
}

export interface DeliveryRow {
  id: string;
  address: string;
  template: Template;
  severity: number | null;
  subject: string;
  state: DeliveryState;
  attempts: number;
  nextAttemptAt: Date;
  reason: string | null;
  createdAt: Date;
  sentAt: Date | null;
  notices: number;
}

const PAGE = 50;

/**
 * Deliveries, newest first: all of them for Security Admins of everything, else the asking person's own. `before` is the id of the last
 * row of the page before; `more` tells whether there is another page.
 */
export async function listDeliveries(
  scope: AccountScope,
  filter: { state: DeliveryState | null; before: string | null },
): Promise<{ rows: DeliveryRow[]; more: boolean }> {
  const own = hasRole(scope, "Security Admin") ? null : (scope.userId ?? "");
  const { rows } = await pool().query<DeliveryRow>(
    `SELECT d.id, d.address, d.template, d.severity, d.subject, d.state, d.attempts, d."nextAttemptAt", d.reason, d."createdAt", d."sentAt",
       (SELECT count(*)::int FROM "Notice" n WHERE n."deliveryId" = d.id) AS notices
     FROM "Delivery" d WHERE ($1::text IS NULL OR d."recipientId" IN (SELECT id FROM "Recipient" WHERE "userId" = $1))
       AND ($2::text IS NULL OR d.state = $2)
       AND ($3::uuid IS NULL OR (d."createdAt", d.id) < (SELECT p."createdAt", p.id FROM "Delivery" p WHERE p.id = $3))
     ORDER BY d."createdAt" DESC, d.id DESC LIMIT ${PAGE + 1}`,
    [own, filter.state, filter.before],
  );
  return { rows: rows.slice(0, PAGE), more: rows.length > PAGE };
}

/** How many deliveries of the last 90 days are in each state, within what `listDeliveries` shows. */
export async function countDeliveries(scope: AccountScope): Promise<Record<DeliveryState, number>> {
  const own = hasRole(scope, "Security Admin") ? null : (scope.userId ?? "");
  const { rows } = await pool().query<{ state: DeliveryState; amount: number }>(
    `SELECT state, count(*)::int AS amount FROM "Delivery" d
     WHERE $1::text IS NULL OR d."recipientId" IN (SELECT id FROM "Recipient" WHERE "userId" = $1) GROUP BY state`,
    [own],
  );
  const counts: Record<DeliveryState, number> = { queued: 0, sending: 0, sent: 0, failed: 0, dropped: 0 };
  for (const { state, amount } of rows) counts[state] = amount;
  return counts;
}

export interface HeldRow {
  id: string;
  recipientId: string;
  address: string;
  kind: string;
  severity: number;
  account: string | null;
  cluster: string | null;
  clusterId: string | null;
  reason: string;
  heldUntil: Date;
  createdAt: Date;
  mine: boolean;
}

/** Notices held back, those that leave first at the top; of accounts within the scope, and only the person's own below Security Admin. */
export async function listHeld(scope: AccountScope): Promise<HeldRow[]> {
  const own = hasRole(scope, "Security Admin") ? null : (scope.userId ?? "");
  const { rows } = await pool().query<HeldRow>(
    `SELECT n.id, n."recipientId", coalesce(u.email, r.address) AS address, n.kind, n.severity, a.name AS account, c.name AS cluster, c.id AS "clusterId",
       n.reason, n."heldUntil", n."createdAt", coalesce(r."userId" = $3, false) AS mine
     FROM "Notice" n JOIN "Recipient" r ON r.id = n."recipientId" LEFT JOIN "User" u ON u.id = r."userId"
     LEFT JOIN "Account" a ON a.id = n."accountId" LEFT JOIN "Cluster" c ON c.id = n."clusterId"
     WHERE n."deliveryId" IS NULL AND n."heldUntil" IS NOT NULL AND ($1::uuid[] IS NULL OR n."accountId" = ANY($1)) AND ($2::text IS NULL OR r."userId" = $2)
     ORDER BY n."heldUntil", n.severity DESC, n.id LIMIT 200`,
    [scope.accountIds, own, scope.userId],
  );
  return rows;
}

/** Whom an unsubscribe link belongs to, masked; null for nobody. The signed token is the right to ask. */
export async function recipientMask(recipientId: string): Promise<{ address: string; unsubscribed: boolean } | null> {
  const { rows } = await pool().query<{ address: string; unsubscribed: boolean }>(
    `SELECT coalesce(u.email, r.address) AS address, r."unsubscribedAt" IS NOT NULL AS unsubscribed FROM "Recipient" r LEFT JOIN "User" u ON u.id = r."userId" WHERE r.id = $1`,
    [recipientId],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const [local = "", domain = ""] = row.address.split("@");
  return { address: `${local.slice(0, 2)}…@${domain}`, unsubscribed: row.unsubscribed };
}

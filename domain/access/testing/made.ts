import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import type { Place } from "./personas";

async function insert(sql: string, ...values: unknown[]): Promise<string> {
  const id = uuidv7();
  await pool().query(sql, [id, ...values]);
  return id;
}

/** What stands in a place that was scanned, each with the place's mark in its texts. */
export interface Furniture {
  /** Open, of the control SW-0005. */
  finding: string;
  scan: string;
  /** Of the cluster's score. */
  point: string;
}

/** As scores are stored: finer than anybody is told. */
const NOISY = {
  score: 51.21220016479492,
  coverage: 0.9973821989528796,
  groups: { "network-access": { healthy: 1, unhealthy: 5, out: 0, current: 0.3333333333333333, max: 2 } },
  ledger: [
    { step: "fixed", delta: 0.031172752380371094, resources: 1 },
    { step: "broken", delta: -0.01555347442626953, resources: 1 },
  ],
};
const point = (scope: "account" | "cluster", of: string): Promise<string> =>
  insert(
    `INSERT INTO "ScorePoint" (id, scope, "scopeId", at, score, coverage, expected, evaluated, groups, ledger) VALUES ($1, $2, $3, now(), $4, $5, 382, 381, $6, $7)`,
    ...[scope, of, NOISY.score, NOISY.coverage, JSON.stringify(NOISY.groups), JSON.stringify(NOISY.ledger)],
  );

/** A finding, a workload, a running image, a scan and a score point, all of which carry the place's mark. */
export async function furnish({ account, cluster, mark }: Place): Promise<Furniture> {
  await pool().query(
    `INSERT INTO "Resource" ("clusterId", "apiGroup", kind, namespace, name, hash, doc, "ownerKind", "ownerName") VALUES ($1, 'apps', 'Deployment', $2, $2, 'h', '{}', 'Deployment', $2)`,
    [cluster, `web-${mark}`],
  );
  await pool().query(
    `INSERT INTO "RunningImage" ("clusterId", namespace, "ownerKind", "ownerName", container, image, digest, pods) VALUES ($1, $2, 'Deployment', $2, 'web', $3, '', 1)`,
    [cluster, `web-${mark}`, `registry/image-${mark}`],
  );
  await pool().query(`UPDATE "Cluster" SET score = $2 WHERE id = $1`, [cluster, NOISY.score]);
  await point("account", account);
  return {
    finding: await insert(
      `INSERT INTO "Finding" (id, "accountId", "clusterId", "controlId", "scoreGroup", severity, "apiGroup", kind, namespace, name, state, message, evidence, "firstSeenAt", "lastSeenAt")
       VALUES ($1, $2, $3, 'SW-0005', 'denial-of-service', 1, 'apps', 'Deployment', $4, $4, 'open', $4, '[]', now(), now())`,
      ...[account, cluster, `web-${mark}`],
    ),
    scan: await insert(
      `INSERT INTO "Scan" (id, "accountId", "clusterId", kind, trigger, status, reasons) VALUES ($1, $2, $3, 'cluster', 'schedule', 'partial', $4)`,
      ...[account, cluster, JSON.stringify([{ code: "denied", what: `pods-${mark}`, message: `no-${mark}` }])],
    ),
    point: await point("cluster", cluster),
  };
}

const exemption =
  (state: "requested" | "active") =>
  ({ account, mark }: Place): Promise<string> =>
    insert(
      `INSERT INTO "Exemption" (id, type, state, targets, everywhere, "accountIds", reason, "requestedBy", "requestedAt", "expiresAt")
       VALUES ($1, 'waiver', $2, jsonb_build_array(jsonb_build_object('account', $3::text)), false, ARRAY[$3::uuid], $4, 'somebody', now(), now() + interval '1 day')`,
      ...[state, account, `why-${mark}`],
    );

/** When what has a version was changed last. */
const CHANGED = "timestamptz '2026-01-01 00:00Z'";

/** What an entry uses up: made anew for each who tries. Each answers the id of its row, or what must be new. */
export const MADE: Readonly<Record<string, (place: Place) => Promise<string>>> = {
  $route: async () =>
    insert(
      `INSERT INTO "NotificationRoute" (id, name, "minSeverity", "toRoles", "updatedAt") VALUES ($1, 'matrix', 2, '{Owner}', ${CHANGED})`,
    ),
  /** The version of a route, and of parameters, as the page holds it that takes them away. */
  $version: async () => {
    const { rows } = await pool().query<{ version: string }>(`SELECT (${CHANGED})::text AS version`);
    return rows[0]?.version ?? "";
  },
  $recipient: async () =>
    insert(
      `INSERT INTO "Recipient" (id, address, "updatedAt") VALUES ($1::uuid, ($1::uuid)::text || '@example.com', now())`,
    ),
  $delivery: async () =>
    insert(
      `INSERT INTO "Delivery" (id, address, template, state, "nextAttemptAt") VALUES ($1, 'x@example.com', 'test', 'failed', now())`,
    ),
  $exemption: exemption("active"),
  /** A request for an exemption that nobody of the personas made. */
  $request: exemption("requested"),
  $attestation: async ({ account, mark }) =>
    insert(
      `INSERT INTO "Attestation" (id, "benchmarkId", "requirementId", scope, "scopeId", "accountId", state, evidence, by, at, until)
       VALUES ($1, 'nsa-cisa-1.2', '5.3', 'account', $2, $2, 'met', $3, 'somebody', now(), now() + interval '1 day')`,
      ...[account, `seen-${mark}`],
    ),
  $parameters: async ({ account }) =>
    insert(
      `INSERT INTO "ParameterOverride" (id, "controlId", scope, "scopeKey", "accountId", params, reason, "setBy", "setAt")
       VALUES ($1::uuid, 'SW-0005', 'account', ($1::uuid)::text, $2, '{}', 'matrix', 'somebody', ${CHANGED})`,
      account,
    ),
  $letter: async ({ cluster }) =>
    insert(
      `INSERT INTO jobs.job (id, name, data) VALUES ($1, 'dead-letter', jsonb_build_object('clusterId', $2::text))`,
      cluster,
    ),
  $invitation: async ({ account }) =>
    insert(
      `INSERT INTO "Invitation" (id, email, role, everything, "accountIds", hash, "inviterId", inviter, "expiresAt")
       VALUES ($1::uuid, 'guest@example.com', 'Security Reader', false, $2, ($1::uuid)::text, 'x', 'x', now() + interval '1 day')`,
      [account],
    ),
  /** The id in its cloud of an account that is not connected yet. */
  $externalId: async () => String(Math.floor(1e11 + Math.random() * 8e11)),
};

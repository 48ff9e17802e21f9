import { afterAll, beforeAll } from "vitest";
import { closeDatabase, pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { testDatabase } from "@/lib/testing/database";

/** Gives a test file a database of its own, to which `fill` brings what the file looks at. */
export function useEstate(fill: () => Promise<void>): void {
  let drop: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    const database = await testDatabase();
    process.env.DATABASE_URL = database.url;
    drop = database.drop;
    await fill();
  }, 300_000);
  afterAll(async () => {
    await closeDatabase();
    await drop?.();
  });
}

/** The same, filled with one account and its one cluster, which was scanned; and with what `more` adds. */
export function useOneCluster(more?: (ids: { account: string; web: string }) => Promise<void>) {
  const ids = { account: uuidv7(), web: uuidv7() };
  useEstate(async () => {
    await addAccount(ids.account, "mine");
    await addCluster(ids.web, ids.account, "web", true);
    await more?.(ids);
  });
  return ids;
}

/** What tests of compliance look at. */
export async function addAccount(id: string, name: string): Promise<void> {
  await pool().query(
    `INSERT INTO "Account" (id, provider, name, "externalId", settings, "updatedAt") VALUES ($1, 'aws', $2, $2, '{}', now())`,
    [id, name],
  );
}

/** A cluster whose last scan could not list roles; or one that was never scanned. */
export async function addCluster(id: string, accountId: string, name: string, scanned: boolean): Promise<void> {
  const scanId = uuidv7();
  await pool().query(
    `INSERT INTO "Cluster" (id, "accountId", distribution, name, aliases, managed, "lastScanAt") VALUES ($1, $2, 'eks', $3, '{}', $4, $5)`,
    [
      ...[id, accountId, name, JSON.stringify({ distribution: "eks", name, api: { publicEndpoint: true } })],
      scanned ? new Date() : null,
    ],
  );
  if (!scanned) return;
  await pool().query(
    `INSERT INTO "Scan" (id, "accountId", "clusterId", kind, trigger, status, stats) VALUES ($1, $2, $3, 'cluster', 'manual', 'complete', $4)`,
    [
      ...[scanId, accountId, id],
      JSON.stringify({
        listed: { Namespace: 3, Pod: 2 },
        unlisted: { Role: "denied" },
        controls: { "SW-0001": "1", "SW-0493": "1", "SW-0011": "1", "SW-0018": "1" },
      }),
    ],
  );
  await pool().query(`UPDATE "Cluster" SET "lastScanId" = $2 WHERE id = $1`, [id, scanId]);
}

/** A resource with what its controls say of it; unhealthy ones get their finding. */
export async function addResource(
  clusterId: string,
  accountId: string,
  name: string,
  outcomes: Record<string, string>,
) {
  await pool().query(
    `INSERT INTO "Resource" ("clusterId", "apiGroup", kind, namespace, name, hash, doc, "ownerKind", "ownerName", outcomes) VALUES ($1, 'apps', 'Deployment', 'shop', $2, 'h', '{}', 'Deployment', $2, $3)`,
    [clusterId, name, JSON.stringify(outcomes)],
  );
  for (const [control, code] of Object.entries(outcomes)) {
    const column = { u: "unhealthy", h: "healthy", n: `"notApplicable"` }[code] ?? `"notEvaluated"`;
    await pool().query(
      `INSERT INTO "ControlRollup" ("clusterId", "controlId", healthy, unhealthy, "notApplicable", "notEvaluated") VALUES ($1, $2, 0, 0, 0, 0) ON CONFLICT DO NOTHING`,
      [clusterId, control],
    );
    await pool().query(
      `UPDATE "ControlRollup" SET ${column} = ${column} + 1 WHERE "clusterId" = $1 AND "controlId" = $2`,
      [clusterId, control],
    );
    if (code === "u")
      await pool().query(
        `INSERT INTO "Finding" (id, "accountId", "clusterId", "controlId", "scoreGroup", severity, "apiGroup", kind, namespace, name, owner, state, message, evidence, "firstSeenAt", "lastSeenAt")
         VALUES ($1, $2, $3, $4, 'access-and-permissions', 2, 'apps', 'Deployment', 'shop', $5, 'team-a', 'open', 'Bad.', $6, now() - interval '2 days', now())`,
        [uuidv7(), accountId, clusterId, control, name, JSON.stringify([{ path: "spec.x", message: "=cmd()" }])],
      );
  }
}

/** An exemption in force for what one control finds at one Deployment, asked for by Bo and approved by Cy; gives its id. */
export async function addExemption(
  clusterId: string,
  accountId: string,
  name: string,
  { control = "SW-0001", until = null }: { control?: string; until?: Date | null } = {},
): Promise<string> {
  const id = uuidv7();
  const target = { control, account: accountId, cluster: clusterId, namespace: "shop", kind: "Deployment", name };
  await pool().query(
    `INSERT INTO "Exemption" (id, type, state, targets, everywhere, "accountIds", reason, evidence, "expiresAt", "requestedBy", "requestedAt", "decidedBy", "decidedAt")
     VALUES ($1, 'mitigated', 'active', $2, false, ARRAY[$3::uuid], 'a gateway is before it', 'SEC-7', $4, 'Bo', now(), 'Cy', now())`,
    [id, JSON.stringify([target]), accountId, until],
  );
  await pool().query(
    `UPDATE "Finding" SET exemption = 'mitigated', "exemptionId" = $1 WHERE "clusterId" = $2 AND "controlId" = $3 AND name = $4`,
    [id, clusterId, control, name],
  );
  return id;
}

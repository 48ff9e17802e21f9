import type pg from "pg";
import { type OutboxEvent, publish } from "@/lib/events";
import { uuidv7 } from "@/lib/id";
import { testDatabase } from "@/lib/testing/database";
import { type OpenChannel, openMailChannel } from "../handlers/mail-send";
import { openSmtp } from "../mail/smtp";
import { newKey } from "./connect";

const never = new AbortController().signal;
export const context = { signal: never };

/** A database with two accounts, a cluster each, people of all roles, and a mail server on `port` of this machine. */
export async function mailWorld(port: number) {
  const db = await testDatabase();
  const { ring } = newKey();
  let now = new Date("2026-11-21T10:00:00Z");
  const ids = { shop: uuidv7(), bank: uuidv7(), shopCluster: uuidv7(), bankCluster: uuidv7() };
  const run = (text: string, values: unknown[] = []) => db.pool.query(text, values);
  await run(
    `INSERT INTO "Account" (id, provider, name, "externalId", settings, "updatedAt") VALUES ($1, 'aws', 'Shop prod', '1', '{}', now()), ($2, 'gcp', 'Bank', '2', '{}', now())`,
    [ids.shop, ids.bank],
  );
  await run(
    `INSERT INTO "Cluster" (id, "accountId", distribution, name, aliases, managed) VALUES ($1, $3, 'eks', 'shop-eu', '{a}', '{}'), ($2, $4, 'gke', 'bank-us', '{b}', '{}')`,
    [ids.shopCluster, ids.bankCluster, ids.shop, ids.bank],
  );
  const person = async (id: string, role: string, accountId: string | null) => {
    await run(`INSERT INTO "User" (id, name, email, "updatedAt") VALUES ($1, $1, $2, now()) ON CONFLICT DO NOTHING`, [
      id,
      `${id}@example.com`,
    ]);
    await run(`INSERT INTO "RoleGrant" (id, "userId", role, "accountId") VALUES ($1, $2, $3, $4)`, [
      uuidv7(),
      id,
      role,
      accountId,
    ]);
  };
  await run(
    `INSERT INTO "MailServer" (id, host, port, security, "fromAddress", "fromName", "baseUrl", "updatedAt") VALUES ('mail', '127.0.0.1', $1, 'none', 'seawall@corp.example', 'Seawall', 'https://seawall.example', now())`,
    [port],
  );
  const boss = { send: async () => null } as never; // what would be enqueued is run by the test itself
  return {
    db,
    ids,
    person,
    rows: async <T extends object>(text: string, values: unknown[] = []) => (await run(text, values)).rows as T[],
    publish: (events: OutboxEvent[]) => publish(db.pool as pg.Pool, events, now),
    world: { pool: db.pool, ring, boss, clock: () => now },
    later: (minutes: number) => {
      now = new Date(now.getTime() + minutes * 60_000);
    },
    now: () => now,
  };
}

/** The product's way out, except that private addresses are allowed and silence is taken for a hang after `patienceMs`. */
export const impatient =
  (patienceMs: number): OpenChannel =>
  async (server, _world) =>
    openSmtp({ ...server, password: null, patienceMs }, { allowPrivate: true });
export const guarded = openMailChannel;

/** What a scan says when findings of a severity opened; `exempted` of them an exemption holds for. */
export function opened(
  ids: { account: string; cluster: string },
  severity: number,
  count = 3,
  namespace = "shop",
  exempted = 0,
): OutboxEvent {
  const example = { kind: "Deployment", namespace, name: "web" };
  return {
    kind: "finding.opened",
    accountId: ids.account,
    clusterId: ids.cluster,
    payload: {
      scanId: uuidv7(),
      cluster: "shop-eu",
      severity,
      ...{ count, exempted },
      controls: [
        { id: "SW-0017", title: "Containers should not run privileged", count, exempted, examples: [example] },
      ],
      places: [
        {
          ...{ namespace, owner: "team-web", count, exempted },
          controls: [{ id: "SW-0017", count, exempted, examples: [example] }],
        },
      ],
    },
  };
}

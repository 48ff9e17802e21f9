import { randomBytes } from "node:crypto";
import { mintScope } from "@/domain/access/scope";
import { open } from "@/lib/crypto";
import { loadKeyRing } from "@/lib/crypto-key";
import { closeDatabase } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { createQueues, jobClient } from "@/lib/jobs";
import { endSender } from "@/lib/sender";
import { testDatabase } from "@/lib/testing/database";
import { type ParsedConnection, parseConnection } from "../connection";
import { draftEdit } from "../edit/mutations";
import { connectAccount } from "../mutations";
import { type Changes, changing } from "./changes";

/** A database with the job tables, and people: for the tests of this room. Each test file has its own copy of this module's state. */
export const ring = loadKeyRing({ key: randomBytes(32).toString("base64"), dataDir: "/nonexistent" });
export const admin = mintScope("olga", "Olga", [{ role: "Security Admin", accountId: null }]);
export const other = mintScope("owen", "Owen", [{ role: "Owner", accountId: null }]);
export const reader = mintScope("rita", "Rita", [{ role: "Security Reader", accountId: null }]);
export const foreign = mintScope("fred", "Fred", [{ role: "Owner", accountId: uuidv7() }]);
export let db: Awaited<ReturnType<typeof testDatabase>>;
const before = process.env.DATABASE_URL;

export async function startDatabase(): Promise<void> {
  db = await testDatabase();
  process.env.DATABASE_URL = db.url;
  const boss = jobClient(db.url, "worker");
  await boss.start();
  await createQueues(boss);
  await boss.stop({ graceful: false });
}
export async function stopDatabase(): Promise<void> {
  await endSender();
  await closeDatabase();
  if (before === undefined) delete process.env.DATABASE_URL;
  else process.env.DATABASE_URL = before;
  await db.drop();
}

export const rows = async <T extends object>(sql: string, ...values: unknown[]): Promise<T[]> =>
  (await db.pool.query(sql, values)).rows as T[];
export const jobs = (name: string) =>
  rows<{ id: string; key: string; data: unknown }>(
    `SELECT id, singleton_key AS key, data FROM jobs.job WHERE name = $1 AND state < 'active' ORDER BY created_on`,
    name,
  );
export const audited = (accountId: string) =>
  rows<{ action: string; text: string }>(
    `SELECT action, concat(before::text, after::text, detail::text) AS text FROM "AuditEntry" WHERE "accountId" = $1 ORDER BY seq`,
    accountId,
  );
export const secretOf = async (accountId: string, field: string): Promise<string | null> => {
  const [row] = await rows<{ sealed: unknown }>(
    `SELECT sealed FROM "Secret" WHERE "accountId" = $1 AND field = $2`,
    accountId,
    field,
  );
  return row === undefined ? null : open(row.sealed, { accountId, field }, ring);
};

let number = 100_000_000_000;
/** The next connection is to another account. */
export function nextAccount(): void {
  number += 1;
}
const SECRETS = { accessKeyId: "AKIAEXAMPLE000000000", secretAccessKey: "the-first-key" };
const settings = () => ({
  accountId: String(number),
  roleArn: `arn:aws:iam::${number}:role/seawall`,
  externalId: "external",
});
export function connection(): ParsedConnection {
  const parsed = parseConnection("aws", { settings: settings(), secrets: SECRETS });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.fields));
  return parsed.connection;
}
export async function connected(name = "harbour"): Promise<string> {
  nextAccount();
  return connectAccount(admin, "aws", name, 60, connection(), ring);
}
export const edit = async (id: string, changes: Changes, name = "harbour", by = admin) =>
  (await draftEdit(by, id, { name, intervalMinutes: 60, entered: changing(changes), begun: null }, ring)).draft;
export async function cluster(accountId: string): Promise<string> {
  const id = uuidv7();
  await rows(
    `INSERT INTO "Cluster" (id, "accountId", distribution, name, aliases, managed, uid) VALUES ($1, $2, 'eks', 'one', '{}', '{}', $3)`,
    id,
    accountId,
    id,
  );
  return id;
}

export const noJobs = () => db.pool.query(`DELETE FROM jobs.job`);

export const MANAGED = {
  distribution: "eks" as const,
  name: "one",
  ...{ api: {}, identity: {}, network: {}, logging: {}, encryption: {}, upgrade: {}, security: {} },
};

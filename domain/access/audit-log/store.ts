import type pg from "pg";
import { inTransaction } from "@/lib/db";
import type { SqlRunner } from "@/lib/jobs";
import { type AuditRecord, digestOf } from "./canonical";
import { type ChainedRecord, type Head, type Verdict, verifyChain } from "./chain";

/** Writes an entry with its digest; it takes its place in the chain when the transaction commits. */
export async function insertEntry(tx: SqlRunner, record: AuditRecord): Promise<void> {
  const { id, at, actorId, actor, tokenId, action, target, accountId, address, userAgent } = record;
  const json = [record.before, record.after, record.detail].map((each) =>
    each === null ? null : JSON.stringify(each),
  );
  await tx.query(
    `INSERT INTO "AuditEntry" (id, at, "actorId", actor, "tokenId", action, target, "accountId", address, "userAgent", before, after, detail, digest)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [id, at, actorId, actor, tokenId, action, target, accountId, address, userAgent, ...json, digestOf(record)],
  );
}

const BATCH = 1000;

async function* chainedRecords(client: pg.PoolClient): AsyncGenerator<ChainedRecord> {
  let after: string | null = "0";
  while (after !== null) {
    const { rows }: pg.QueryResult<AuditRecord & { seq: string; digest: Buffer; hash: Buffer | null }> =
      await client.query(
        `SELECT id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, "actorId", actor, "tokenId", action, target,
              "accountId", address, "userAgent", before, after, detail, seq, digest, hash
       FROM "AuditEntry" WHERE seq > $1 ORDER BY seq LIMIT $2`,
        [after, BATCH],
      );
    for (const { seq, digest, hash, ...record } of rows) yield { seq: BigInt(seq), digest, hash, record };
    after = rows.length < BATCH ? null : (rows.at(-1)?.seq ?? null);
  }
  const { rows } = await client.query<AuditRecord & { digest: Buffer }>(
    `SELECT id, at::text, "actorId", actor, "tokenId", action, target, "accountId", address, "userAgent", before, after, detail, digest
     FROM "AuditEntry" WHERE seq IS NULL ORDER BY at, id LIMIT 1`,
  );
  for (const { digest, ...record } of rows) yield { seq: null, digest, hash: null, record };
}

/** Verifies the whole log as of one moment. `expected`: a head that was noted elsewhere and must still be part of the chain. */
export async function verifyAudit(from: pg.Pool, expected?: Head): Promise<Verdict> {
  return inTransaction(from, async (client) => {
    await client.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const { rows } = await client.query<{ seq: string; hash: Buffer }>(
      `SELECT seq, hash FROM "AuditHead" WHERE id = 1`,
    );
    const head = rows[0] === undefined ? null : { seq: BigInt(rows[0].seq), hash: rows[0].hash };
    return verifyChain(chainedRecords(client), head, expected);
  });
}

import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { SettingError } from "./env";
import { SETTINGS } from "./settings";

/** The key that Prisma's own migrator locks, so that the two never run at once. */
const LOCK = 72707369;

/** Throws SettingError unless a server of this `server_version_num` (major × 10,000 + minor) can hold Seawall's database. */
export function requireVersion(version: number): void {
  if (version >= 150000) return;
  throw new SettingError(
    `DATABASE_URL: its server is PostgreSQL ${Math.floor(version / 10000)}, which is too old: Seawall needs 15 or newer. ` +
      `Upgrade that server, name a newer one (example: DATABASE_URL=${SETTINGS.DATABASE_URL.example}), or leave the setting out for the embedded PostgreSQL.`,
  );
}

/**
 * Applies the migrations of a folder in the order of their names and returns those newly applied. Keeps Prisma's
 * bookkeeping (`_prisma_migrations`, SHA-256 checksums), each migration in its own transaction. Throws when an applied
 * migration was modified or the server is older than PostgreSQL 15.
 */
export async function migrate(url: string, folder: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const version = Number(
      (await client.query<{ server_version_num: string }>("SHOW server_version_num")).rows[0]?.server_version_num,
    );
    requireVersion(version);
    await client.query("SELECT pg_advisory_lock($1)", [LOCK]);
    await client.query(`CREATE TABLE IF NOT EXISTS _prisma_migrations (
      id VARCHAR(36) PRIMARY KEY, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL,
      logs TEXT, rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`);
    const done = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
      "SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL",
    );
    const applied = new Map(done.rows.map((row) => [row.migration_name, row]));
    const fresh: string[] = [];
    for (const name of readdirSync(folder)
      .filter((entry) => existsSync(path.join(folder, entry, "migration.sql")))
      .sort()) {
      const sql = readFileSync(path.join(folder, name, "migration.sql"), "utf8");
      const checksum = createHash("sha256").update(sql).digest("hex");
      const row = applied.get(name);
      if (row?.finished_at != null) {
        if (row.checksum !== checksum)
          throw new Error(`Migration ${name} was modified after it was applied. Restore the file.`);
        continue;
      }
      if (row !== undefined)
        throw new Error(`Migration ${name} failed earlier. Restore the database, or resolve it by hand.`);
      await client.query("BEGIN");
      try {
        await client.query(sql);
        await client.query(
          "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ($1, $2, $3, now(), 1)",
          [randomUUID(), checksum, name],
        );
        await client.query("COMMIT");
      } catch (error) {
        await client.query("ROLLBACK");
        throw error;
      }
      fresh.push(name);
    }
    return fresh;
  } finally {
    await client.end(); // ends the session, and with it the advisory lock
  }
}

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { uuidv7 } from "../id";
import { migrate } from "../migrate";
import { ensureDatabase } from "../postgres";
import { sleep } from "../time";

const migrations = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));

/** Address of a database on the run's server, which lib/testing/global-setup.ts started. */
function serverUrl(): (database: string) => string {
  const given = process.env.SEAWALL_TEST_DATABASE_URL;
  if (given === undefined || given === "")
    throw new Error("No test server: run through vitest, or set SEAWALL_TEST_DATABASE_URL.");
  return (database) => {
    const url = new URL(given);
    url.pathname = `/${database}`;
    return url.href;
  };
}

function schemaHash(): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(migrations).sort()) {
    const file = path.join(migrations, name, "migration.sql");
    if (existsSync(file)) hash.update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 12);
}

/**
 * Waits half a second at most for connections that were ended a moment ago: one that is cut off while it still says goodbye tells that to
 * nobody who listens, and the run would fail of it.
 */
async function connectionsGone(client: pg.Client, database: string): Promise<void> {
  for (let tries = 0; tries < 25; tries += 1) {
    const { rowCount } = await client.query("SELECT FROM pg_stat_activity WHERE datname = $1 LIMIT 1", [database]);
    if (rowCount === 0) return;
    await sleep(20);
  }
}

/** A database of its own for one test, cloned from a migrated template. `drop` ends the pool and deletes it. */
export async function testDatabase(): Promise<{ url: string; pool: pg.Pool; drop: () => Promise<void> }> {
  const url = serverUrl();
  const template = `seawall_template_${schemaHash()}`;
  const name = `seawall_test_${uuidv7().replaceAll("-", "")}`;
  const admin = new pg.Client({ connectionString: url("postgres") });
  await admin.connect();
  try {
    await admin.query("SELECT pg_advisory_lock(918273)"); // one process makes the template, others wait
    await ensureDatabase(url("postgres"), template);
    await migrate(url(template), migrations);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  } finally {
    await admin.end();
  }
  const pool = new pg.Pool({ connectionString: url(name), max: 6 }).on("error", () => {
    // The test ended its server or dropped the database under an idle connection, on purpose.
  });
  return {
    url: url(name),
    pool,
    drop: async () => {
      await pool.end();
      const client = new pg.Client({ connectionString: url("postgres") });
      await client.connect();
      await connectionsGone(client, name);
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await client.end();
    },
  };
}

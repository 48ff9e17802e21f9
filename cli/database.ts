import pg from "pg";
import { databaseUrl } from "./database-url";
import { UsageError } from "./usage-error";

/** Runs `work` with one connection to the installation's database, and ends it. Throws UsageError when it cannot be reached. */
export async function withDatabase<T>(work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: databaseUrl(), max: 1 }).on("error", () => {
    // The server went while the connection was idle or ending. A query that needs it rejects and is told.
  });
  try {
    const client = await pool.connect().catch((cause: Error) => {
      throw new UsageError(`the database cannot be reached: ${cause.message}`, { cause });
    });
    client.release();
    return await work(pool);
  } finally {
    await pool.end();
  }
}

import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "@/prisma/generated/client";
import { SettingError } from "./env";

// Next's development server reloads modules; the pools must survive that.
const held = globalThis as typeof globalThis & { seawallDb?: { pool?: pg.Pool; prisma?: PrismaClient } };
held.seawallDb ??= {};
const state = held.seawallDb;

function url(): string {
  const value = process.env.DATABASE_URL;
  if (value === undefined || value === "") {
    throw new SettingError("DATABASE_URL is not set for this process. Start Seawall with `npm start`, which sets it.");
  }
  return value;
}

/** The process's pool for raw SQL: the scan's commit path, LISTEN, bulk reads. */
export function pool(): pg.Pool {
  state.pool ??= new pg.Pool({ connectionString: url(), max: 10, idleTimeoutMillis: 30_000 }).on("error", () => {
    // An idle connection died (the database restarted). The pool already dropped it; the next query opens another or rejects.
  });
  return state.pool;
}

/** Resolves when the database answers; rejects when it does not. */
export async function reachDatabase(): Promise<void> {
  await pool().query("SELECT 1");
}

/** The process's Prisma client. */
export function prisma(): PrismaClient {
  state.prisma ??= new PrismaClient({ adapter: new PrismaPg({ connectionString: url(), max: 10 }) });
  return state.prisma;
}

/** Ends both; for the drain of a process and for tests. */
export async function closeDatabase(): Promise<void> {
  await state.prisma?.$disconnect();
  await state.pool?.end();
  delete state.prisma;
  delete state.pool;
}

/** Runs `work` in one transaction of a raw connection; any rejection rolls it back. */
export async function inTransaction<T>(from: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await from.connect();
  let broken: Error | undefined;
  // The server may die between two queries; without a listener that would end the process. The next query rejects all the same.
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on("error", onError);
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((failure: Error) => {
      broken = failure; // the connection itself is gone: destroy it instead of returning it to the pool
    });
    throw error;
  } finally {
    client.off("error", onError);
    client.release(broken);
  }
}

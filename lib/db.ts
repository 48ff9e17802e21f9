import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "@/prisma/generated/client";
import { env, SettingError } from "./env";

// Next's development server reloads modules; the pools must survive that.
const held = globalThis as typeof globalThis & {
  seawallDb?: { pool?: pg.Pool; bell?: pg.Pool; prisma?: PrismaClient };
};
held.seawallDb ??= {};
const state = held.seawallDb;

function url(): string {
  const value = process.env.DATABASE_URL;
  if (value === undefined || value === "") {
    throw new SettingError("DATABASE_URL is not set for this process. Start Seawall with `npm start`, which sets it.");
  }
  return value;
}

/** Connections that all but scans share: other jobs, leases and progress, or the console's pages. */
const SHARED = 8;
/** Connections of a process that scans so many clusters at a time: each may hold one open while it lists and until it commits. */
export const poolSize = (scans: number): number => scans + SHARED;
/** Connections that the whole of Seawall may open on its own server: both processes' pools, sign-in and job queues, and a person's. */
export const serverConnections = (scans: number): number => Math.max(100, poolSize(scans) + 60);

/** A host that went away without a word is noticed by the kernel within a minute, also by who waits without end for a long statement. */
const ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 30_000 };

/**
 * How long a connection, or a statement outside of transactions, may take in a process that people wait for, in milliseconds; nothing
 * where jobs run. The server ends a long statement first, so that what is given up here does not run on there and is not kept. A server
 * that hangs counts nothing: then the client gives up.
 */
function patience(): Pick<pg.PoolConfig, "connectionTimeoutMillis" | "query_timeout" | "statement_timeout"> {
  const most = Number(process.env.SEAWALL_DATABASE_PATIENCE_MS ?? 0);
  if (!(most > 0)) return {};
  return { connectionTimeoutMillis: most, query_timeout: most, statement_timeout: Math.ceil(most * 0.9) };
}

/**
 * Begins a transaction whose statements may take as long as they take, until what it returns is called: what was begun, a change of many
 * rows or a stream, is not given up for being long. That the server answers, its BEGIN has shown.
 */
export async function beginUnhurried(client: pg.PoolClient, begin: string): Promise<() => void> {
  const parameters: unknown = Reflect.get(client, "connectionParameters"); // pg has them, its types do not
  const known = typeof parameters === "object" && parameters !== null;
  const was: unknown = known ? Reflect.get(parameters, "query_timeout") : undefined;
  if (!known || !was) {
    await client.query(begin);
    return () => undefined;
  }
  await client.query(`${begin}; SET LOCAL statement_timeout = 0`); // one way there and back
  Reflect.set(parameters, "query_timeout", false);
  return () => void Reflect.set(parameters, "query_timeout", was);
}

/** An idle connection died (the database restarted): its pool already dropped it; the next query opens another or rejects. */
const quiet = (of: pg.Pool): pg.Pool => of.on("error", () => undefined);

/** The process's pool for raw SQL: the scan's commit path, LISTEN, bulk reads. */
export function pool(): pg.Pool {
  const max = poolSize(env().SEAWALL_WORKER_CONCURRENCY);
  state.pool ??= quiet(
    new pg.Pool({ connectionString: url(), max, idleTimeoutMillis: 30_000, ...ALIVE, ...patience() }),
  );
  return state.pool;
}

/** How long a database may take to answer before it counts as not reached, in milliseconds. */
const ANSWER_MS = 5_000;

/** The one connection that asks whether the database answers: those of the pools may all be at work while it does. */
function bell(): pg.Pool {
  const most = { connectionTimeoutMillis: ANSWER_MS, query_timeout: ANSWER_MS };
  state.bell ??= quiet(new pg.Pool({ connectionString: url(), max: 1, idleTimeoutMillis: 30_000, ...ALIVE, ...most }));
  return state.bell;
}

/** Resolves when the database answers, however busy the pools are; rejects when it does not, or not within so many milliseconds. */
export async function reachDatabase(most = ANSWER_MS): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("The database does not answer.")), most);
  });
  try {
    await Promise.race([bell().query("SELECT 1"), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The process's Prisma client. */
export function prisma(): PrismaClient {
  state.prisma ??= new PrismaClient({
    adapter: new PrismaPg({ connectionString: url(), max: 10, ...ALIVE, ...patience() }),
  });
  return state.prisma;
}

/** Ends all of them; for the drain of a process and for tests. */
export async function closeDatabase(): Promise<void> {
  await state.prisma?.$disconnect();
  await state.pool?.end();
  await state.bell?.end();
  delete state.prisma;
  delete state.bell;
  delete state.pool;
}

/** A transaction of a raw connection that its holder ends: by the first `commit` or `rollback`; a later one does nothing. */
export class Transaction {
  #broken: Error | undefined;
  #ended = false;
  #hurry = (): void => undefined;
  // The server may die between two queries; without a listener that would end the process. The next query rejects all the same.
  readonly #onError = (error: Error): void => {
    this.#broken = error;
  };

  private constructor(readonly client: pg.PoolClient) {
    client.on("error", this.#onError);
  }

  static async begin(from: pg.Pool): Promise<Transaction> {
    const transaction = new Transaction(await from.connect());
    try {
      transaction.#hurry = await beginUnhurried(transaction.client, "BEGIN");
      return transaction;
    } catch (error) {
      transaction.#broken = error instanceof Error ? error : new Error(String(error));
      transaction.#release();
      throw error;
    }
  }

  /** Whether it can go on: its connection lives, and no statement of it failed. Asks the server, behind what is under way. */
  async isAlive(): Promise<boolean> {
    return this.client.query("SELECT 1").then(
      () => true,
      () => false,
    );
  }

  async commit(): Promise<void> {
    if (this.#ended) return;
    await this.client.query("COMMIT");
    this.#release();
  }

  /** Never rejects: a connection that can't roll back is destroyed, and the server rolls back by itself. */
  async rollback(): Promise<void> {
    if (this.#ended) return;
    await this.client.query("ROLLBACK").catch((failure: Error) => {
      this.#broken = failure;
    });
    this.#release();
  }

  #release(): void {
    this.#ended = true;
    this.client.off("error", this.#onError);
    this.#hurry();
    this.client.release(this.#broken);
  }
}

/** Runs `work` in one transaction of a raw connection, or goes on with one that was begun; any rejection rolls it back. */
export async function inTransaction<T>(
  from: pg.Pool | Transaction,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const transaction = from instanceof Transaction ? from : await Transaction.begin(from);
  try {
    const result = await work(transaction.client);
    await transaction.commit();
    return result;
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
}

import pg from "pg";
import { beginUnhurried } from "../db";
import { sleep } from "../time";

const BATCH = 1000;
/** A reader who takes nothing for this long loses the connection, so that it goes back to those who wait. */
const IDLE = "60s";

/** One query over one moment of the database: how many rows there are, and then all of them. */
export interface Snapshot<R> {
  total: number;
  asOf: Date;
  /** Batches of up to 1,000 rows; the last gives the connection back. */
  batches: AsyncGenerator<R[]>;
  /** Ends what is running and gives the connection back. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Opens a read-only snapshot with a server-side cursor: memory stays flat whatever the number of rows, and the count is that of the rows.
 * `values` may be made of what else is read of the same moment. The caller must drain `batches` or `close`. Errors: those of the database.
 */
export async function openSnapshot<R extends pg.QueryResultRow>(
  pool: pg.Pool,
  text: string,
  count: string,
  values: readonly unknown[] | ((client: pg.PoolClient) => Promise<readonly unknown[]>),
): Promise<Snapshot<R>> {
  const client = await pool.connect();
  let broken: Error | undefined;
  let hurry: (() => void) | undefined; // there is one from BEGIN on
  let open = true;
  let running: Promise<unknown> | null = null;
  const run = async <T>(query: () => Promise<T>): Promise<T> => {
    const asked = query();
    running = asked;
    try {
      return await asked;
    } finally {
      running = null;
    }
  };
  const onError = (error: Error): void => {
    broken = error; // the next query rejects all the same
  };
  client.on("error", onError);
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    if (running !== null) await cancel(pool, client, running).catch(onError);
    // Nothing was written. When even that fails the connection is gone and must not return to the pool; where BEGIN had no answer, or
    // a statement does not end, no other is waited for.
    if (hurry !== undefined && broken === undefined) await client.query("ROLLBACK").catch(onError);
    client.off("error", onError);
    hurry?.();
    client.release(broken);
  };
  try {
    hurry = await beginUnhurried(client, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").catch((error: Error) => {
      onError(error);
      throw error;
    });
    await client.query(`SET LOCAL idle_in_transaction_session_timeout = '${IDLE}'`);
    const bound = [...(typeof values === "function" ? await values(client) : values)];
    const first = await client.query<{ total: number; at: Date }>(count, bound);
    await client.query(`DECLARE rows NO SCROLL CURSOR FOR ${text}`, bound);
    const { total = 0, at = new Date() } = first.rows[0] ?? {};
    return {
      total,
      asOf: at,
      batches: fetchAll<R>(() => run(() => client.query<R>(`FETCH ${BATCH} FROM rows`)), close),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** How often a statement is cancelled, and how long it is waited for each time, in milliseconds. */
const [TIMES, EACH_MS] = [40, 250];

/**
 * Ends the statement that a connection is waiting for: nobody wants its rows any more. One that was sent and that the server had not
 * begun when it was cancelled is begun all the same: so it is cancelled until it has ended. Asked on a connection of its own, for those
 * of the pool may all be waiting like this one. Rejects when it does not end.
 */
async function cancel(pool: pg.Pool, client: pg.PoolClient, statement: Promise<unknown>): Promise<void> {
  const pid: unknown = Reflect.get(client, "processID"); // pg has it, its types do not
  if (typeof pid !== "number") return;
  const ended = statement.then(
    () => true,
    () => true,
  );
  const own = new pg.Client({ ...pool.options });
  own.on("error", () => undefined); // the query that is under way rejects
  await own.connect();
  try {
    for (let time = 0; time < TIMES; time++) {
      await own.query("SELECT pg_cancel_backend($1)", [pid]);
      if (await Promise.race([ended, sleep(EACH_MS).then(() => false)])) return;
    }
  } finally {
    await own.end();
  }
  throw new Error("A statement that nobody waits for does not end.");
}

async function* fetchAll<R extends pg.QueryResultRow>(
  fetch: () => Promise<pg.QueryResult<R>>,
  close: () => Promise<void>,
): AsyncGenerator<R[]> {
  try {
    for (;;) {
      const { rows } = await fetch();
      if (rows.length === 0) return;
      yield rows;
    }
  } finally {
    await close();
  }
}

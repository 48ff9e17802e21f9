import path from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { reasonOf } from "@/lib/log";
import { migrate } from "@/lib/migrate";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@/lib/postgres";
import { ownedDatabase } from "@/lib/postgres-role";
import { SETTINGS } from "@/lib/settings";

const MIGRATIONS = fileURLToPath(new URL("../prisma/migrations", import.meta.url));
/** How long the server must live until an end counts as the first one again. */
const SETTLED_MS = 60_000;
const FIRST_DELAY_MS = 100;

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

/**
 * The embedded PostgreSQL of a data folder, kept running: when it ends though nobody asked it to, that is said and it is started
 * again on the same port and data, at once and then ever more slowly. Whoever is connected connects anew by itself.
 */
export class KeptPostgres {
  readonly #ending = new AbortController();
  #server: EmbeddedPostgres | undefined;
  #starting: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly dir: string,
    private readonly say: (line: string) => void,
    private readonly flags: readonly string[] = [],
  ) {}

  get pid(): number | undefined {
    return this.#server?.pid;
  }

  /** Starts it and resolves with the address of the database for Seawall's own role. Rejects when `stop` comes first. */
  async start(): Promise<string> {
    const starting = startEmbeddedPostgres(this.dir, this.flags, undefined, { signal: this.#ending.signal });
    this.#starting = starting.catch(() => {}); // who awaits `starting` is told; `stop` only waits
    const server = await starting;
    this.#keep(server, FIRST_DELAY_MS);
    return ownedDatabase(server, "seawall");
  }

  #keep(server: EmbeddedPostgres, delay: number): void {
    this.#server = server;
    const began = Date.now();
    void server.exited.then((how) => {
      if (this.#ending.signal.aborted) return;
      this.say(`the database ended (${how}); starting it again`);
      this.#starting = this.#again(server.port, Date.now() - began > SETTLED_MS ? FIRST_DELAY_MS : delay);
    });
  }

  async #again(port: number, firstDelay: number): Promise<void> {
    const { signal } = this.#ending;
    for (let delay = firstDelay; !signal.aborted; delay = Math.min(delay * 2, 30_000)) {
      await pause(delay, signal);
      try {
        const server = await startEmbeddedPostgres(this.dir, this.flags, undefined, { port, signal });
        this.say("the database runs again");
        this.#keep(server, Math.min(delay * 2, 30_000));
        return;
      } catch (error) {
        // Old backends may hold its shared memory for a moment after a kill; that passes without a word.
        if (!signal.aborted && delay > 800)
          this.say(`the database does not start; trying again in ${(delay * 2) / 1000} s: ${reasonOf(error)}`);
      }
    }
  }

  /** Ends it, also in the middle of a start. Resolves when no process of it is left. */
  async stop(): Promise<void> {
    this.#ending.abort(new Error("Seawall is stopping"));
    await this.#starting;
    await this.#server?.stop();
  }
}

/** Proves that the server of DATABASE_URL can be used. Throws with the setting's name, the reason and what to do; no password. */
export async function assertDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    await client.query("SELECT 1");
    await client.end();
  } catch (error) {
    const { hostname, port, pathname } = new URL(url);
    throw new Error(
      `DATABASE_URL: the database ${pathname.slice(1)} on ${hostname}:${port || 5432} cannot be used: ${reasonOf(error)}. ` +
        `Start that server, correct the setting (example: DATABASE_URL=${SETTINGS.DATABASE_URL.example}), or leave it out for the embedded PostgreSQL.`,
      { cause: error },
    );
  }
}

/** Brings the database up to date. Returns how many migrations were applied. */
export const updateDatabase = async (url: string): Promise<number> =>
  (await migrate(url, path.resolve(MIGRATIONS))).length;

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { sleep } from "@/lib/time";
import { systemEnv } from "./process-env";

/** `npm run demo` on a folder of its own, for tests that kill it and what it started. */
export class DemoProcess {
  #child: ChildProcess | undefined;
  #text = "";

  constructor(
    readonly dir: string,
    private readonly port: number,
  ) {}

  get text(): string {
    return this.#text;
  }

  start(): void {
    this.#text = "";
    const child = spawn(process.execPath, ["--conditions=react-server", "--import", "tsx", "scripts/demo.ts"], {
      env: { ...systemEnv(), SEAWALL_DATA_DIR: this.dir, PORT: String(this.port), SEAWALL_DEMO_DAYS: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        this.#text += chunk.toString();
      });
  }

  /** Resolves when it has said this; rejects when it ends before. */
  async says(what: RegExp): Promise<void> {
    while (!what.test(this.#text)) {
      if (this.#child?.exitCode !== null) throw new Error(`the demo ended before it said ${what}:\n${this.#text}`);
      await sleep(20);
    }
  }

  /** Sends a signal to the parent; resolves with its exit code when it is gone. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const gone = new Promise<number | null>((resolve) => child.once("exit", resolve));
    child.kill(signal);
    return gone;
  }

  /** First lines of its database's own file: process id, folder, start, port. */
  #postmaster = (): string[] => readFileSync(path.join(this.dir, "postgres/postmaster.pid"), "utf8").split("\n");
  url(): string {
    const password = readFileSync(path.join(this.dir, "postgres.password"), "utf8").trim();
    return `postgresql://seawall:${password}@127.0.0.1:${this.#postmaster()[3]}/seawall`;
  }

  async rows<T extends object>(sql: string): Promise<T[]> {
    const client = new pg.Client({ connectionString: this.url() });
    await client.connect();
    try {
      return (await client.query<T>(sql)).rows;
    } finally {
      await client.end();
    }
  }
}

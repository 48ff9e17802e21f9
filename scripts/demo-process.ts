import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
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
  /** Of the parent that runs, or ran last. */
  get pid(): number {
    return this.#child?.pid ?? 0;
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

  /** Its process whose command line holds this. */
  child(what: string): number {
    for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${entry}/status`, "utf8"))?.[1];
        if (Number(parent) !== this.pid) continue;
        if (readFileSync(`/proc/${entry}/cmdline`, "utf8").includes(what)) return Number(entry);
      } catch {
        // It ended while we looked.
      }
    }
    throw new Error(`the demo runs no ${what}`);
  }

  /** First lines of its database's own file: process id, folder, start, port. */
  #postmaster = (): string[] => readFileSync(path.join(this.dir, "postgres/postmaster.pid"), "utf8").split("\n");
  postgres = (): number => Number(this.#postmaster()[0]);
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

  /** Asks the simulated estate's control endpoint. */
  async estate(method: string, what: string, body?: object): Promise<void> {
    const { ports } = JSON.parse(readFileSync(path.join(this.dir, "estate/simulator.json"), "utf8"));
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`http://127.0.0.1:${ports.control}${what}`, { method, ...sent });
    if (!answer.ok) throw new Error(`${method} ${what}: ${await answer.text()}`);
  }

  /** Whether the console answers. */
  async answers(): Promise<boolean> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/healthz`).catch(() => null);
    await answer?.body?.cancel();
    return answer?.ok === true;
  }
}

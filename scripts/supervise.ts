import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

export interface Child {
  name: string;
  /** Arguments to this same node. */
  args: readonly string[];
  env?: Record<string, string>;
  onMessage?: (message: unknown) => void;
}

/** Starts children, restarts those that exit (1 s, doubling to 30 s while they keep dying), and drains them all. */
export class Supervisor {
  readonly #running = new Map<string, ChildProcess>();
  #stopping = false;

  constructor(
    private readonly say: (line: string) => void,
    private readonly baseEnv: NodeJS.ProcessEnv,
  ) {}

  start(child: Child, delay = 1000): void {
    const began = Date.now();
    const started = spawn(process.execPath, ["--import", `${root}scripts/die-with-parent.mjs`, ...child.args], {
      cwd: root,
      env: { ...this.baseEnv, ...child.env },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      detached: process.platform !== "win32", // Ctrl-C reaches the parent alone, which drains in order
    });
    this.#running.set(child.name, started);
    if (child.onMessage !== undefined) started.on("message", child.onMessage);
    started.once("exit", (code, signal) => {
      this.#running.delete(child.name);
      if (this.#stopping) return;
      const next = Date.now() - began > 60_000 ? 1000 : Math.min(delay * 2, 30_000);
      this.say(`${child.name} ended (${signal ?? `code ${code}`}); starting it again in ${delay / 1000} s`);
      setTimeout(() => this.#stopping || this.start(child, next), delay).unref();
    });
  }

  pid(name: string): number | undefined {
    return this.#running.get(name)?.pid;
  }

  /** SIGTERM to all; SIGKILL to what still runs after `graceMs`. Resolves when every child is gone. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const gone = [...this.#running].map(
      ([name, child]) =>
        new Promise<void>((resolve) => {
          if (child.exitCode !== null || child.signalCode !== null) return resolve();
          const kill = setTimeout(() => {
            this.say(
              `${name} did not drain in ${graceMs / 1000} s; ending it (its work is taken up on the next start)`,
            );
            child.kill("SIGKILL");
          }, graceMs);
          child.once("exit", () => {
            clearTimeout(kill);
            resolve();
          });
          child.kill("SIGTERM");
        }),
    );
    await Promise.all(gone);
  }
}

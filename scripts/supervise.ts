import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { reasonOf } from "@/lib/log";

const root = fileURLToPath(new URL("..", import.meta.url));

export interface Child {
  name: string;
  /** Arguments to this same node. */
  args: readonly string[];
  /** The whole environment of the process: nothing of ours is added. */
  env: NodeJS.ProcessEnv;
  onMessage?: (message: unknown) => void;
  /** Given, the lines the child prints come here; else they go where ours go. */
  onLine?: (line: string) => void;
  /** Runs before every start; a rejection is a start that failed. */
  before?: () => Promise<void>;
  /** Told of every end; true means that it shall not be started again. */
  onEnd?: (how: string) => boolean;
}

/** How long a child must live until an end counts as the first one again. */
const SETTLED_MS = 60_000;

/** Starts children, restarts those that exit (after `firstDelayMs`, doubling to 30 s while they keep dying), and drains them all. */
export class Supervisor {
  readonly #running = new Map<string, ChildProcess>();
  #stopping = false;

  constructor(
    private readonly say: (line: string) => void,
    private readonly firstDelayMs = 1000,
  ) {}

  start(child: Child): void {
    void this.#start(child, this.firstDelayMs);
  }

  async #start(child: Child, delay: number): Promise<void> {
    const began = Date.now();
    const again = (how: string): void => {
      if (this.#stopping || child.onEnd?.(how) === true) return;
      const wait = Date.now() - began > SETTLED_MS ? this.firstDelayMs : delay;
      this.say(`${child.name} ended (${how}); starting it again in ${wait / 1000} s`);
      setTimeout(() => void this.#start(child, Math.min(wait * 2, 30_000)), wait).unref();
    };
    try {
      await child.before?.();
    } catch (error) {
      return again(reasonOf(error));
    }
    if (this.#stopping) return;
    const started = spawn(process.execPath, ["--import", `${root}scripts/die-with-parent.mjs`, ...child.args], {
      cwd: root,
      env: { ...child.env },
      stdio: ["ignore", child.onLine === undefined ? "inherit" : "pipe", "inherit", "ipc"],
      detached: process.platform !== "win32", // Ctrl-C reaches the parent alone, which drains in order
    });
    this.#running.set(child.name, started);
    if (child.onMessage !== undefined) started.on("message", child.onMessage);
    if (child.onLine !== undefined && started.stdout !== null)
      createInterface({ input: started.stdout }).on("line", child.onLine);
    const ended = (how: string): void => {
      if (this.#running.get(child.name) !== started) return;
      this.#running.delete(child.name);
      again(how);
    };
    started.once("error", (error) => ended(error.message)); // it could not be started at all
    started.once("exit", (code, signal) => ended(signal ?? `code ${code}`));
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

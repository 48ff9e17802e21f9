import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type ConnectorContext, ConnectorError } from "@/connectors/connector";
import type { EstateFault } from "./estate";

export interface LoggedRequest {
  service: string;
  action: string;
  target: string;
  principal: string;
  status: number;
}

/** One cloud's estate in its own process, spoken to over IPC; a connector reaches it by its settings alone. */
export class Stand {
  #next = 1;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  readonly #child: ChildProcess;
  readonly #ready: Promise<unknown>;

  protected constructor(cloud: "aws" | "azure") {
    const file = fileURLToPath(new URL(`../../simulator/${cloud}/stand.ts`, import.meta.url));
    this.#child = fork(file, { execArgv: ["--import", "tsx"], stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#ready = new Promise((resolve, reject) => this.#waiting.set(0, { resolve, reject }));
    this.#child.on("message", (message: { id: number; result?: unknown; error?: string }) => {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error === undefined) waiting?.resolve(message.result);
      else waiting?.reject(new Error(message.error));
    });
    this.#child.on("exit", (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the estate ended with ${code}`));
    });
  }

  /** Resolves when it listens; rejects when it ends before. */
  protected async listening(): Promise<this> {
    await this.#ready;
    return this;
  }

  protected ask(command: object): Promise<unknown> {
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, command });
    });
  }

  /** Settings, as a person would have entered them, and secrets of an account. */
  protected async offered(
    accountId: string,
  ): Promise<{ settings: Record<string, unknown>; secrets: Record<string, string> }> {
    const answer = await this.ask({ do: "connection", accountId });
    return answer as { settings: Record<string, unknown>; secrets: Record<string, string> }; // our own process's words
  }

  fault = (fault: EstateFault) => this.ask({ do: "fault", fault });
  calm = () => this.ask({ do: "calm" });
  verify = (token: string, cluster: string) => this.ask({ do: "verify", token, cluster });

  async requests(since = 0): Promise<{ next: number; requests: LoggedRequest[] }> {
    return (await this.ask({ do: "requests", since })) as { next: number; requests: LoggedRequest[] };
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#child.once("exit", () => resolve());
      this.#child.kill();
    });
  }
}

export const context = (change: Partial<ConnectorContext> = {}): ConnectorContext => ({
  signal: new AbortController().signal,
  log: () => {},
  allowPrivateNetworks: true,
  ...change,
});

/** The ConnectorError that work rejects with. Errors: when it does not reject, or with anything else. */
export async function failure(work: Promise<unknown>): Promise<ConnectorError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ConnectorError) return error;
  throw new Error(`expected a ConnectorError, got ${String(error)}`, { cause: error });
}

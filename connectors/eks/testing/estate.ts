import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ConnectorContext } from "@/connectors/connector";
import { type EksSettings, eksSettingsSchema } from "../schema";

export const ACCOUNT = "111122223333";

export interface LoggedRequest {
  action: string;
  target: string;
  principal: string;
  status: number;
}

/** The AWS estate in its own process, spoken to over IPC; the connector reaches it by its settings alone. */
export class Estate {
  #next = 1;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();

  private constructor(private readonly child: ChildProcess) {
    child.on("message", (message: { id: number; result?: unknown; error?: string }) => {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error === undefined) waiting?.resolve(message.result);
      else waiting?.reject(new Error(message.error));
    });
    child.on("exit", (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the estate ended with ${code}`));
    });
  }

  static async start(): Promise<Estate> {
    const file = fileURLToPath(new URL("../../../simulator/aws/stand.ts", import.meta.url));
    const child = fork(file, { execArgv: ["--import", "tsx"], stdio: ["ignore", "inherit", "inherit", "ipc"] });
    const estate = new Estate(child);
    await new Promise<unknown>((resolve, reject) => estate.#waiting.set(0, { resolve, reject }));
    return estate;
  }

  #ask(command: object): Promise<unknown> {
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.child.send({ id, command });
    });
  }

  /** Parsed settings and secrets for an account, with some settings changed. */
  async connection(change: Record<string, unknown> = {}, accountId = ACCOUNT) {
    const answer = (await this.#ask({ do: "connection", accountId })) as {
      settings: Record<string, unknown>;
      secrets: Record<string, string>;
    };
    const settings: EksSettings = eksSettingsSchema.parse({ ...answer.settings, ...change });
    return { settings, secrets: answer.secrets };
  }

  fault = (fault: { service: string; action: string; kind: string; target?: string; skip?: number; times?: number }) =>
    this.#ask({ do: "fault", fault });
  calm = () => this.#ask({ do: "calm" });
  verify = (token: string, cluster: string) => this.#ask({ do: "verify", token, cluster });

  async requests(since = 0): Promise<{ next: number; requests: LoggedRequest[] }> {
    return (await this.#ask({ do: "requests", since })) as { next: number; requests: LoggedRequest[] };
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.child.once("exit", () => resolve());
      this.child.kill();
    });
  }
}

export const context = (change: Partial<ConnectorContext> = {}): ConnectorContext => ({
  signal: new AbortController().signal,
  log: () => {},
  allowPrivateNetworks: true,
  ...change,
});

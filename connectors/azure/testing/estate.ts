import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type ConnectorContext, ConnectorError } from "@/connectors/connector";

export const SUBSCRIPTION = "3f1d0c52-8a64-4a0e-9a57-0b7c9a5f1101";
export const OTHER_SUBSCRIPTION = "3f1d0c52-8a64-4a0e-9a57-0b7c9a5f1102";

export interface LoggedRequest {
  service: string;
  action: string;
  target: string;
  principal: string;
  status: number;
}

/** Short time-outs and one retry, so that a fault that lasts is over soon. */
export const QUICK = { requestTimeoutMs: 400, maxAttempts: 2, maxRetryWaitMs: 600 };

/** The Azure estate in its own process, spoken to over IPC; a connector reaches it by its settings alone. */
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
    const file = fileURLToPath(new URL("../../../simulator/azure/stand.ts", import.meta.url));
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

  /** Settings (not yet parsed) and secrets for an account, with some settings changed. */
  async connection(change: Record<string, unknown> = {}, accountId = SUBSCRIPTION) {
    const answer = (await this.#ask({ do: "connection", accountId })) as {
      settings: Record<string, unknown>;
      secrets: Record<string, string>;
    };
    return { settings: { ...answer.settings, ...change }, secrets: answer.secrets };
  }

  fault = (fault: { service: string; action: string; kind: string; target?: string; skip?: number; times?: number }) =>
    this.#ask({ do: "fault", fault });
  calm = () => this.#ask({ do: "calm" });
  verify = (token: string, cluster: string) => this.#ask({ do: "verify", token, cluster });
  federatedToken = async () => String(await this.#ask({ do: "federated" }));

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

/** The ConnectorError that work rejects with. Errors: when it does not reject, or with anything else. */
export async function failure(work: Promise<unknown>): Promise<ConnectorError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ConnectorError) return error;
  throw new Error(`expected a ConnectorError, got ${String(error)}`, { cause: error });
}

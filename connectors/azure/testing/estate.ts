import { Stand } from "@/connectors/testing/stand";

export const SUBSCRIPTION = "3f1d0c52-8a64-4a0e-9a57-0b7c9a5f1101";
export const OTHER_SUBSCRIPTION = "3f1d0c52-8a64-4a0e-9a57-0b7c9a5f1102";

/** Short time-outs and one retry, so that a fault that lasts is over soon. */
export const QUICK = { requestTimeoutMs: 400, maxAttempts: 2, maxRetryWaitMs: 600 };

export class Estate extends Stand {
  static start = (): Promise<Estate> => new Estate("azure").listening();

  /** Settings (not yet parsed) and secrets for an account, with some settings changed. */
  async connection(change: Record<string, unknown> = {}, accountId = SUBSCRIPTION) {
    const { settings, secrets } = await this.offered(accountId);
    return { settings: { ...settings, ...change }, secrets };
  }

  federatedToken = async () => String(await this.ask({ do: "federated" }));
}

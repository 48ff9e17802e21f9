import { Stand } from "@/connectors/testing/stand";
import { type EksSettings, eksSettingsSchema } from "../schema";

export const ACCOUNT = "111122223333";

export class Estate extends Stand {
  static start = (): Promise<Estate> => new Estate("aws").listening();

  /** Parsed settings and secrets for an account, with some settings changed. */
  async connection(change: Record<string, unknown> = {}, accountId = ACCOUNT) {
    const { settings, secrets } = await this.offered(accountId);
    const parsed: EksSettings = eksSettingsSchema.parse({ ...settings, ...change });
    return { settings: parsed, secrets };
  }
}

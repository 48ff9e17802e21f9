import { createHash, randomBytes } from "node:crypto";
import type { SimAccount } from "../model";
import { AwsFailure } from "./failure";

/** Who signs a request. */
export interface Principal {
  accountId: string;
  arn: string;
  secretAccessKey: string;
  /** Only for sessions. */
  sessionToken?: string;
  /** Milliseconds since the epoch; only for sessions. */
  expiresAt?: number;
}

const derived = (label: string, length: number): string =>
  createHash("sha256").update(`simulated aws ${label}`).digest("base64url").slice(0, length);

const HUB_ACCOUNT = "999900009999";
export const ROLE_NAME = "SeawallReadOnly";
const MAX_SESSIONS = 50_000;

/** The one long-lived key of the estate: the same after every start, so that saved connections keep working. */
export const HUB = {
  accessKeyId: "AKIASIMULATEDHUB0001",
  secretAccessKey: derived("hub secret", 40),
  arn: `arn:aws:iam::${HUB_ACCOUNT}:user/seawall-hub`,
  roleArn: `arn:aws:iam::${HUB_ACCOUNT}:role/seawall-hub`,
};

export const partitionOf = (region: string): string =>
  region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";

export const accountPartition = (account: SimAccount): string => partitionOf(account.regions[0] ?? "us-east-1");
export const roleArnOf = (account: SimAccount): string =>
  `arn:${accountPartition(account)}:iam::${account.id}:role/${ROLE_NAME}`;
export const externalIdOf = (accountId: string): string => `seawall-${derived(`external id ${accountId}`, 24)}`;

/** The keys that exist: the hub's, and every session that was handed out and has not ended. */
export class Identities {
  readonly #principals = new Map<string, Principal>([
    [HUB.accessKeyId, { accountId: HUB_ACCOUNT, arn: HUB.arn, secretAccessKey: HUB.secretAccessKey }],
  ]);

  find(accessKeyId: string): Principal | undefined {
    return this.#principals.get(accessKeyId);
  }

  /** Starts a session of a role. `seconds` between 900 and 3600, as for a role with the default maximum. */
  assume(roleArn: string, sessionName: string, seconds: number) {
    if (!Number.isInteger(seconds) || seconds < 900 || seconds > 3600) {
      throw new AwsFailure(
        400,
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
      );
    }
    this.#dropEnded();
    const accessKeyId = `ASIA${randomBytes(8).toString("hex").toUpperCase()}`;
    const accountId = roleArn.split(":")[4] ?? "";
    const partition = roleArn.split(":")[1] ?? "aws";
    const role = roleArn.split("/").at(-1) ?? "";
    const session = {
      accountId,
      arn: `arn:${partition}:sts::${accountId}:assumed-role/${role}/${sessionName}`,
      secretAccessKey: randomBytes(30).toString("base64url"),
      sessionToken: randomBytes(60).toString("base64"),
      expiresAt: Date.now() + seconds * 1000,
    };
    this.#principals.set(accessKeyId, session);
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: session.secretAccessKey,
        SessionToken: session.sessionToken,
        Expiration: new Date(session.expiresAt),
      },
      AssumedRoleUser: { AssumedRoleId: `AROASIMULATED:${sessionName}`, Arn: session.arn },
    };
  }

  #dropEnded(): void {
    if (this.#principals.size < MAX_SESSIONS) return;
    for (const [key, principal] of this.#principals) {
      if (principal.expiresAt !== undefined && principal.expiresAt < Date.now()) this.#principals.delete(key);
    }
  }
}

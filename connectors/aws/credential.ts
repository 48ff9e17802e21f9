import { AssumeRoleCommand, GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { z } from "zod";
import { ConnectorError } from "@/connectors/connector";
import { identityRefusal, mayReceiveIdentity } from "@/connectors/operator-identity";
import { type CallLimits, call } from "./call";
import { stsHost } from "./partition";
import type { AwsSettings } from "./schema";

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

const SESSION_SECONDS = 3600;
const keys = z.object({
  accessKeyId: z.string().min(16).max(128),
  secretAccessKey: z.string().min(1).max(1024),
  sessionToken: z.string().min(1).max(8192).optional(),
});
const assumed = z.object({
  Credentials: z.object({
    AccessKeyId: z.string().min(1),
    SecretAccessKey: z.string().min(1),
    SessionToken: z.string().min(1),
    Expiration: z.date(),
  }),
  AssumedRoleUser: z.object({ Arn: z.string() }),
});
const identity = z.object({ Account: z.string(), Arn: z.string() });

/**
 * The hub's own identity: the account's access key, or whatever the machine offers. The machine's chain ignores the
 * account's endpoints: a web identity token must never go to an address that an account's settings name. What it gives signs the
 * requests for the role, so those go to AWS, or where the operator allows.
 */
export async function hubCredentials(
  settings: AwsSettings,
  secrets: Readonly<Record<string, string>>,
  limits: CallLimits,
): Promise<AwsCredentials> {
  if (settings.hubCredentials === "machine") {
    const own = stsHost(settings.partition, settings.stsRegion);
    const sts = settings.endpoints.sts ?? `https://${own}`;
    if (!mayReceiveIdentity(sts, (host) => host === own, settings)) {
      throw new ConnectorError({ code: "unsupported", what: "hub credentials", message: identityRefusal(sts) });
    }
    const chain = fromNodeProviderChain({ clientConfig: { region: settings.stsRegion } });
    return present(
      await call("sts:GetCallerIdentity", "machine credentials", { ...limits, maxAttempts: 1 }, keys, () => chain()),
    );
  }
  const entered = keys.safeParse({ accessKeyId: secrets.accessKeyId, secretAccessKey: secrets.secretAccessKey });
  if (entered.success) return present(entered.data);
  const message = "The access key is incomplete. Enter both the access key id and the secret access key.";
  throw new ConnectorError({ code: "unauthenticated", what: "hub credentials", message });
}

const present = ({ sessionToken, ...rest }: z.infer<typeof keys>): AwsCredentials =>
  sessionToken === undefined ? rest : { ...rest, sessionToken };

/** Who the credentials belong to. `client` is built for them. */
export const callerIdentity = (client: STSClient, limits: CallLimits): Promise<z.infer<typeof identity>> =>
  call("sts:GetCallerIdentity", "", limits, identity, (abortSignal) =>
    client.send(new GetCallerIdentityCommand({}), { abortSignal }),
  );

/**
 * Takes on the account's role for an hour. A wrong external id and a missing trust look alike to AWS: both are `denied`.
 * Errors: ConnectorError.
 */
export async function assumeRole(
  client: STSClient,
  settings: AwsSettings,
  limits: CallLimits,
): Promise<{ credentials: AwsCredentials; expiresAt: number }> {
  const command = new AssumeRoleCommand({
    RoleArn: settings.roleArn,
    ExternalId: settings.externalId,
    RoleSessionName: "seawall",
    DurationSeconds: SESSION_SECONDS,
  });
  const where = settings.roleArn;
  const answer = await call("sts:AssumeRole", where, limits, assumed, (abortSignal) =>
    client.send(command, { abortSignal }),
  );
  const account = answer.AssumedRoleUser.Arn.split(":")[4];
  if (account !== settings.accountId) {
    const message = `The role gave access to account ${account}, not to ${settings.accountId}. Check the STS endpoint.`;
    throw new ConnectorError({ code: "malformed", what: `sts:AssumeRole ${where}`, message });
  }
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials;
  return {
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    expiresAt: Expiration.getTime(),
  };
}

import { toConnectorError } from "@/connectors/aws/error";
import { AwsSession } from "@/connectors/aws/session";
import {
  type ConnectorContext,
  ConnectorError,
  type DiscoveredCluster,
  type KnownCluster,
  type KubernetesAccess,
} from "@/connectors/connector";
import { assertAllowedUrl } from "@/lib/outbound";
import { EksRegion } from "./client";
import { mintToken } from "./credential";
import type { EksSettings } from "./schema";

const RENEW_BEFORE_MS = 5 * 60_000;
const fail = (name: string, message: string): ConnectorError =>
  new ConnectorError({ code: "malformed", what: `eks:DescribeCluster ${name}`, message });

/** Region of a cluster from its ARN, or from what the discovery said. Errors: ConnectorError; an ARN of another account says nothing. */
export function regionOf(settings: EksSettings, { name, aliases }: KnownCluster, said?: string): string {
  for (const alias of aliases) {
    const match = /^arn:([a-z-]+):eks:([a-z0-9-]+):(\d{12}):cluster\/(.+)$/.exec(alias);
    if (match?.[1] === settings.partition && match[3] === settings.accountId && match[4] === name) {
      return match[2] ?? "";
    }
  }
  if (said !== undefined) return said;
  throw fail(name, "The cluster's region is not known. Discover the account again.");
}

/**
 * Access to one cluster: where its API is, its CA, and tokens that are made anew for each use. The role's session is
 * renewed shortly before it ends. Errors: ConnectorError, also from `token`.
 */
export async function openAccess(
  settings: EksSettings,
  secrets: Readonly<Record<string, string>>,
  cluster: Pick<DiscoveredCluster, "name" | "aliases" | "managed">,
  context: ConnectorContext,
): Promise<KubernetesAccess> {
  const region = regionOf(settings, cluster, cluster.managed.region);
  const session = await AwsSession.open(settings, secrets, context);
  try {
    let role = await session.assume();
    const answer = await new EksRegion(session, region, role.credentials).describeCluster(cluster.name);
    const server = answer.endpoint ?? "";
    const caCertificate = Buffer.from(answer.certificateAuthority?.data ?? "", "base64").toString("utf8");
    if (server === "" || !caCertificate.includes("-----BEGIN CERTIFICATE-----")) {
      throw fail(cluster.name, `EKS names no API endpoint or no CA; the cluster is ${answer.status ?? "in no state"}.`);
    }
    await assertAllowedUrl(server, { allowPrivate: context.allowPrivateNetworks });
    const token = async (): Promise<string> => {
      try {
        if (role.expiresAt - Date.now() < RENEW_BEFORE_MS) role = await renew(settings, secrets, context);
        return await mintToken(cluster.name, settings.partition, region, role.credentials);
      } catch (error) {
        throw toConnectorError(error, "sts:AssumeRole", cluster.name);
      }
    };
    return { server, caCertificate, token };
  } catch (error) {
    throw toConnectorError(error, "eks:DescribeCluster", `${region} ${cluster.name}`);
  } finally {
    session.close();
  }
}

async function renew(settings: EksSettings, secrets: Readonly<Record<string, string>>, context: ConnectorContext) {
  const session = await AwsSession.open(settings, secrets, context);
  try {
    return await session.assume();
  } finally {
    session.close();
  }
}

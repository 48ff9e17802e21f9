import { HttpRequest } from "@smithy/core/protocols";
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import type { AwsCredentials } from "@/connectors/aws/credential";
import { type Partition, stsHost } from "@/connectors/aws/partition";

const CLUSTER_HEADER = "x-k8s-aws-id";
const EXPIRES_SECONDS = 60;

/**
 * A bearer token for one EKS cluster: a presigned STS GetCallerIdentity whose signature covers the cluster's name.
 * It is made without any call and always for the public name of STS, which is what the cluster's authenticator asks.
 */
export async function mintToken(
  clusterName: string,
  partition: Partition,
  region: string,
  credentials: AwsCredentials,
): Promise<string> {
  const host = stsHost(partition, region);
  const signer = new SignatureV4({ service: "sts", region, credentials, sha256: Hash.bind(null, "sha256") });
  const request = new HttpRequest({
    method: "GET",
    protocol: "https:",
    hostname: host,
    path: "/",
    query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
    headers: { host, [CLUSTER_HEADER]: clusterName },
  });
  const signed = await signer.presign(request, {
    expiresIn: EXPIRES_SECONDS,
    // Were the header moved to the query, the authenticator would not find it.
    unhoistableHeaders: new Set([CLUSTER_HEADER]),
  });
  const url = new URL(`https://${host}/`);
  for (const [name, value] of Object.entries(signed.query ?? {})) url.searchParams.append(name, String(value));
  return `k8s-aws-v1.${Buffer.from(url.href).toString("base64url")}`;
}

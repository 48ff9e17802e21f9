import type { SimAccount, SimConnection, SimCore } from "../model";
import { accountPartition, externalIdOf, HUB, roleArnOf } from "./identity";

/** Settings and secrets for one AWS account of the estate, as a person would enter them. */
export function connectionOf(core: SimCore, account: SimAccount, endpoint: string): SimConnection {
  return {
    settings: {
      accountId: account.id,
      partition: accountPartition(account),
      roleArn: roleArnOf(account),
      externalId: externalIdOf(account.id),
      hubCredentials: "access_key",
      regions: [],
      stsRegion: account.regions[0] ?? "us-east-1",
      endpoints: { sts: endpoint, eks: endpoint, ec2: endpoint },
      caBundle: core.tls.ca,
    },
    secrets: { accessKeyId: HUB.accessKeyId, secretAccessKey: HUB.secretAccessKey },
  };
}

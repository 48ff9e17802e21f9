import { toConnectorError } from "@/connectors/aws/error";
import type { Listing } from "@/connectors/aws/paging";
import type { AwsSession } from "@/connectors/aws/session";
import type { DiscoveredCluster, Discovery } from "@/connectors/connector";
import type { Gap } from "@/domain/inventory/schema";
import { EksRegion } from "./client";
import { mapLimited } from "./concurrency";
import { describeManagedCluster, type EksFacts } from "./describe";
import type { EksSettings } from "./schema";

/** The ARN of a cluster, which its region, account and name determine. */
export const clusterArn = (settings: Pick<EksSettings, "partition" | "accountId">, region: string, name: string) =>
  `arn:${settings.partition}:eks:${region}:${settings.accountId}:cluster/${name}`;

/** Runs one read; a failure becomes a gap and `undefined`. */
async function orGap<T>(gaps: Gap[], action: string, where: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    gaps.push(toConnectorError(error, action, where).gap);
    return undefined;
  }
}

/** All names of a list, or undefined with a gap: half a list would make "all of them are fine" a lie. */
async function wholeList(gaps: Gap[], action: string, where: string, read: () => Promise<Listing>) {
  const listing = await orGap(gaps, action, where, read);
  if (listing?.gap) gaps.push(listing.gap);
  return listing?.gap ? undefined : listing?.items;
}

/** Everything about one cluster. Never rejects: a failed part is absent and has a gap. */
async function readCluster(eks: EksRegion, settings: EksSettings, name: string): Promise<DiscoveredCluster> {
  const gaps: Gap[] = [];
  const where = `${eks.region} ${name}`;
  const cluster = await orGap(gaps, "eks:DescribeCluster", where, () => eks.describeCluster(name));
  const groupNames = await wholeList(gaps, "eks:ListNodegroups", where, () => eks.listNodegroups(name));
  const addonNames = await wholeList(gaps, "eks:ListAddons", where, () => eks.listAddons(name));
  const mode = cluster?.accessConfig?.authenticationMode;
  // EKS refuses to list entries of a cluster that does not use them; and without the mode the entries mean nothing.
  const usesEntries = mode === "API" || mode === "API_AND_CONFIG_MAP";
  const accessEntries = usesEntries
    ? await wholeList(gaps, "eks:ListAccessEntries", where, () => eks.listAccessEntries(name))
    : undefined;
  const nodegroups = await each(groupNames, (nodegroupName) =>
    orGap(gaps, "eks:DescribeNodegroup", `${where}/${nodegroupName}`, () =>
      eks.describeNodegroup(name, nodegroupName),
    ).then((group) => group ?? { nodegroupName }),
  );
  const addons = await each(addonNames, (addonName) =>
    orGap(gaps, "eks:DescribeAddon", `${where}/${addonName}`, () => eks.describeAddon(name, addonName)).then(
      (addon) => addon ?? { addonName },
    ),
  );
  const facts: EksFacts = {
    name,
    region: eks.region,
    ...(cluster ? { cluster } : {}),
    ...(nodegroups ? { nodegroups } : {}),
    ...(addons ? { addons } : {}),
    ...(accessEntries ? { accessEntries } : {}),
  };
  const aliases = [clusterArn(settings, eks.region, name)];
  return { distribution: "eks", name, aliases, managed: describeManagedCluster(facts), gaps };
}

async function each<T>(names: string[] | undefined, read: (name: string) => Promise<T>): Promise<T[] | undefined> {
  return names && mapLimited(names, 2, read);
}

/**
 * Finds and describes every cluster of the account. A region or a page that can't be read makes the discovery
 * incomplete; a part of a cluster that can't be read is that cluster's gap. Rejects with ConnectorError only when no
 * session can be had at all.
 */
export async function discoverClusters(session: AwsSession): Promise<Discovery> {
  const { settings } = session;
  const { credentials } = await session.assume();
  const gaps: Gap[] = [];
  const regions = await orGap(gaps, "ec2:DescribeRegions", "", () => session.regions(credentials));
  const found = await mapLimited(regions ?? [], settings.concurrency, async (region) => {
    const eks = new EksRegion(session, region, credentials);
    const listing = await orGap(gaps, "eks:ListClusters", region, () => eks.listClusters());
    if (listing?.gap) gaps.push(listing.gap);
    return (listing?.items ?? []).map((name) => ({ eks, name }));
  });
  const clusters = await mapLimited(found.flat(), settings.concurrency, ({ eks, name }) =>
    readCluster(eks, settings, name),
  );
  return { clusters, complete: gaps.length === 0, gaps };
}

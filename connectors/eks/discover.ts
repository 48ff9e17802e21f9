import { toConnectorError } from "@/connectors/aws/error";
import type { Listing } from "@/connectors/aws/paging";
import type { AwsSession } from "@/connectors/aws/session";
import { mapLimited } from "@/connectors/concurrency";
import { ConnectorError, type DiscoveredCluster, type Discovery, type KnownCluster } from "@/connectors/connector";
import { settleMissing } from "@/connectors/missing";
import type { Gap } from "@/domain/inventory/schema";
import { regionOf } from "./access";
import type { ClusterAnswer, LaunchTemplate, NodegroupAnswer, SubnetAnswer } from "./answers";
import { EksRegion } from "./client";
import { describeManagedCluster, type EksFacts } from "./describe";
import { MachineRegion } from "./machines";
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

/** Everything about one cluster, which may be `described` already. Never rejects: a failed part is absent and has a gap. */
async function readCluster(
  eks: EksRegion,
  machines: MachineRegion,
  settings: EksSettings,
  name: string,
  described?: ClusterAnswer,
): Promise<DiscoveredCluster> {
  const gaps: Gap[] = [];
  const where = `${eks.region} ${name}`;
  const cluster = described ?? (await orGap(gaps, "eks:DescribeCluster", where, () => eks.describeCluster(name)));
  const groupNames = await wholeList(gaps, "eks:ListNodegroups", where, () => eks.listNodegroups(name));
  const addonNames = await wholeList(gaps, "eks:ListAddons", where, () => eks.listAddons(name));
  const mode = cluster?.accessConfig?.authenticationMode;
  // EKS refuses to list entries of a cluster that does not use them; and without the mode the entries mean nothing.
  const usesEntries = mode === "API" || mode === "API_AND_CONFIG_MAP";
  const accessEntries = usesEntries
    ? await wholeList(gaps, "eks:ListAccessEntries", where, () => eks.listAccessEntries(name))
    : undefined;
  const accessPolicies = accessEntries && (await policiesOf(gaps, eks, name, accessEntries));
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
    ...(accessPolicies ? { accessPolicies } : {}),
    ...(nodegroups ? await machinesOf(gaps, machines, name, nodegroups) : {}),
  };
  const aliases = [clusterArn(settings, eks.region, name)];
  return { distribution: "eks", name, aliases, managed: describeManagedCluster(facts), gaps };
}

/** Entries beyond this are not looked into, and then nothing is said of any. */
const MOST_ENTRIES = 300;

/** The access policies of every entry; undefined when those of one are not known. */
async function policiesOf(gaps: Gap[], eks: EksRegion, name: string, entries: readonly string[]) {
  const action = "eks:ListAssociatedAccessPolicies";
  const where = `${eks.region} ${name}`;
  if (entries.length > MOST_ENTRIES) {
    const message = `The cluster has ${entries.length} access entries. Who administers it is read of ${MOST_ENTRIES} at most.`;
    gaps.push({ code: "too_large", what: `${action} ${where}`, message });
    return undefined;
  }
  let known = true;
  // In the order of the entries: the same answers make the same facts.
  const policies = await mapLimited(entries, 4, async (principal): Promise<[string, readonly string[]]> => {
    // One refusal answers for the others: no need to ask for each, and to tell of each.
    const listed = known
      ? await wholeList(gaps, action, where, () => eks.listAccessPolicies(name, principal))
      : undefined;
    if (listed === undefined) known = false;
    return [principal, listed ?? []];
  });
  return known ? Object.fromEntries(policies) : undefined;
}

/** What EC2 knows of the subnets and launch templates that the node groups use. */
async function machinesOf(
  gaps: Gap[],
  machines: MachineRegion,
  cluster: string,
  nodegroups: readonly NodegroupAnswer[],
): Promise<Pick<EksFacts, "subnets" | "launchTemplates">> {
  const ids = [...new Set(nodegroups.flatMap((group) => group.subnets ?? []))];
  const where = `${machines.region} ${cluster}`;
  const subnets: SubnetAnswer[] | undefined =
    ids.length === 0
      ? undefined
      : await orGap(gaps, "ec2:DescribeSubnets", where, () => machines.subnets(ids, cluster));
  const launchTemplates: Record<string, LaunchTemplate> = {};
  await mapLimited(nodegroups, 2, async ({ nodegroupName, launchTemplate }) => {
    const { id, version } = launchTemplate ?? {};
    if (id === undefined || version === undefined) return;
    const group = `${cluster}/${nodegroupName}`;
    const read = () => machines.launchTemplate(id, version, group);
    const template = await orGap(gaps, "ec2:DescribeLaunchTemplateVersions", `${machines.region} ${group}`, read);
    if (template) launchTemplates[nodegroupName] = template;
  });
  return { ...(subnets ? { subnets } : {}), launchTemplates };
}

async function each<T>(names: string[] | undefined, read: (name: string) => Promise<T>): Promise<T[] | undefined> {
  return names && mapLimited(names, 2, read);
}

/** A region that settings leave out is none of the account's, and neither is what lies in it. One that AWS leaves out is switched off, and unknown. */
const outside = (name: string, region: string, isLeftOut: boolean) =>
  new ConnectorError({
    code: isLeftOut ? "not_found" : "denied",
    what: `eks:DescribeCluster ${region} ${name}`,
    message: isLeftOut
      ? `The account's settings leave out ${region}.`
      : `AWS does not name ${region} among the account's regions. Check whether it was switched off.`,
  });

/**
 * Finds and describes every cluster of the account. A region or a page that can't be read makes the discovery
 * incomplete; a part of a cluster that can't be read is that cluster's gap. Rejects with ConnectorError only when no
 * session can be had at all.
 */
export async function discoverClusters(session: AwsSession, known: readonly KnownCluster[] = []): Promise<Discovery> {
  const { settings } = session;
  const { credentials } = await session.assume();
  const readersOf = (region: string) => ({
    eks: new EksRegion(session, region, credentials),
    machines: new MachineRegion(session, region, credentials),
  });
  const gaps: Gap[] = [];
  const regions = await orGap(gaps, "ec2:DescribeRegions", "", () => session.regions(credentials));
  const found = await mapLimited(regions ?? [], settings.concurrency, async (region) => {
    const { eks, machines } = readersOf(region);
    const listing = await orGap(gaps, "eks:ListClusters", region, () => eks.listClusters());
    if (listing?.gap) gaps.push(listing.gap);
    return (listing?.items ?? []).map((name) => ({ eks, machines, name }));
  });
  const clusters = await mapLimited(found.flat(), settings.concurrency, ({ eks, machines, name }) =>
    readCluster(eks, machines, settings, name),
  );
  return settleMissing({ clusters, gaps }, known, async (one) => {
    const region = regionOf(settings, one);
    if (!regions?.includes(region)) throw outside(one.name, region, settings.regions.length > 0);
    const { eks, machines } = readersOf(region);
    return readCluster(eks, machines, settings, one.name, await eks.describeCluster(one.name));
  });
}

import type { SimAccount, SimCluster, SimCore } from "../model";
import {
  accessEntries,
  accessPolicies,
  addonAnswer,
  addonNames,
  clusterAnswer,
  clusterArn,
  nodegroupAnswer,
  usesAccessEntries,
} from "./cluster-answer";
import { AwsFailure, badCredential } from "./failure";
import type { Principal } from "./identity";
import { page } from "./paging";

export interface Call {
  core: SimCore;
  principal: Principal;
  region: string;
  input: Record<string, unknown>;
  /** Every page is the first one and says that another follows. */
  repeatPage: boolean;
  /** The caller may see no cluster. */
  filtered: boolean;
}

export const accountOf = (core: SimCore, accountId: string): SimAccount | undefined =>
  core.accounts().find((account) => account.provider === "aws" && account.id === accountId);

/** The regions an account has enabled, and those its clusters lie in. */
export function regionsOf(core: SimCore, accountId: string): string[] {
  const used = core.clusters().filter((each) => each.distribution === "eks" && each.accountId === accountId);
  return [...new Set([...(accountOf(core, accountId)?.regions ?? []), ...used.map((each) => each.region)])].sort();
}

const clustersOf = ({ core, principal, region }: Call): SimCluster[] => {
  if (!regionsOf(core, principal.accountId).includes(region)) throw badCredential("eks");
  return core
    .clusters()
    .filter((each) => each.distribution === "eks" && each.accountId === principal.accountId && each.region === region);
};

const notFound = (message: string): AwsFailure => new AwsFailure(404, "ResourceNotFoundException", message);

const cluster = (call: Call, name: unknown): SimCluster => {
  const found = clustersOf(call).find((each) => each.id === name);
  if (!found) throw notFound(`No cluster found for name: ${name}.`);
  return found;
};

const paged = <Name extends string>(call: Call, operation: string, member: Name, names: string[]) => {
  const { items, nextToken } = page(names, operation, call.input, call.repeatPage);
  return { [member]: items, ...(nextToken === undefined ? {} : { nextToken }) };
};

/** EKS operations that the estate answers; any other is a loud 501. */
export const EKS_HANDLERS: Record<string, (call: Call) => object> = {
  ListClusters: (call) => {
    const names = call.filtered ? [] : clustersOf(call).map((each) => each.id);
    return paged(call, "ListClusters", "clusters", names.sort());
  },
  DescribeCluster: (call) => ({ cluster: clusterAnswer(cluster(call, call.input.name)) }),
  ListNodegroups: (call) => {
    const names = cluster(call, call.input.clusterName).nodePools.map((pool) => pool.name);
    return paged(call, "ListNodegroups", "nodegroups", names);
  },
  DescribeNodegroup: (call) => {
    const found = cluster(call, call.input.clusterName);
    const pool = found.nodePools.find((each) => each.name === call.input.nodegroupName);
    if (!pool) throw notFound(`No node group found for name: ${call.input.nodegroupName}.`);
    return { nodegroup: nodegroupAnswer(found, pool) };
  },
  ListAddons: (call) => paged(call, "ListAddons", "addons", addonNames(cluster(call, call.input.clusterName))),
  DescribeAddon: (call) => {
    const found = cluster(call, call.input.clusterName);
    const name = String(call.input.addonName);
    if (!addonNames(found).includes(name)) throw notFound(`No addon: ${name} found in cluster: ${found.id}`);
    return { addon: addonAnswer(found, name) };
  },
  ListAccessEntries: (call) => {
    const found = cluster(call, call.input.clusterName);
    if (!usesAccessEntries(found)) {
      const message = `The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation: ${clusterArn(found)}`;
      throw new AwsFailure(400, "InvalidRequestException", message);
    }
    return paged(call, "ListAccessEntries", "accessEntries", accessEntries(found));
  },
  ListAssociatedAccessPolicies: (call) => {
    const found = cluster(call, call.input.clusterName);
    const principalArn = String(call.input.principalArn);
    if (!usesAccessEntries(found) || !accessEntries(found).includes(principalArn))
      throw notFound(`The specified principalArn could not be found: ${principalArn}`);
    return {
      clusterName: found.id,
      principalArn,
      associatedAccessPolicies: accessPolicies(found, principalArn),
      ...(call.repeatPage ? { nextToken: "again" } : {}),
    };
  },
};

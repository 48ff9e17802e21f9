import type { SimAccount, SimCluster, SimNodePool } from "./model";
import { uuid } from "./random";
import { accounts } from "./scenario-accounts";
import { type ClusterPlan, clusterPlans } from "./scenario-clusters";

/** The estate as a function of (seed, simulated time). Day 0 starts at the anchor, midnight UTC of "today". */
export interface Scenario {
  seed: number;
  anchor: Date;
  /** Multiplies the teams' workloads; 1 gives about 2,000 in all. */
  scale: number;
  accounts: SimAccount[];
  plans: ClusterPlan[];
}

export const DAY_MS = 86_400_000;

export function scenario(seed: number, anchor: Date, scale: number): Scenario {
  return { seed, anchor, scale, accounts: accounts(seed), plans: clusterPlans() };
}

/** Whole and broken days since the anchor; negative before it. */
export const dayOf = (world: Scenario, at: Date): number => (at.getTime() - world.anchor.getTime()) / DAY_MS;

export const dateOf = (world: Scenario, day: number): Date => new Date(world.anchor.getTime() + day * DAY_MS);

/** UID of the cluster's kube-system namespace: its identity everywhere. */
export const clusterUid = (world: Scenario, id: string): string => uuid(`${world.seed}/${id}/kube-system`);

const clonePool = (pool: SimNodePool): SimNodePool => ({ ...pool });

/** A cluster's facts at a simulated time; undefined before it exists. `server` and `caCertificate` are filled by the core. */
export function clusterAt(world: Scenario, plan: ClusterPlan, at: Date): SimCluster | undefined {
  const day = dayOf(world, at);
  if (plan.appears !== undefined && day < plan.appears) return undefined;
  const cluster: SimCluster = {
    ...plan.base,
    createdAt: dateOf(world, plan.appears ?? -plan.ageDays).toISOString(),
    controlPlane: { ...plan.base.controlPlane, authorizedRanges: [...plan.base.controlPlane.authorizedRanges] },
    nodePools: plan.base.nodePools.map(clonePool),
    uid: clusterUid(world, plan.base.id),
    server: "",
    caCertificate: "",
  };
  for (const change of plan.changes) if (change.day <= day) change.apply(cluster);
  return cluster;
}

import { random } from "./random";
import type { Care, ClusterPlan } from "./scenario-clusters";
import type { TraitChange } from "./scenario-traits";

/** One namespace of one team on one cluster. */
export interface Tenancy {
  team: string;
  namespace: string;
  care: Care;
  /** Number of workloads in it. */
  workloads: number;
  nouns: readonly [string, ...string[]];
  /** Day the namespace was made; absent: with the cluster. */
  appears?: number;
  /** Day its default-deny NetworkPolicy arrives; absent: never. `-Infinity`: was always there. */
  isolated?: number;
  /** Something that happens to every workload of the namespace. */
  story: TraitChange[];
  /** A binding of cluster-admin to the namespace's default service account, for a time. */
  adminFrom?: number;
  adminUntil?: number;
}

interface Team {
  name: string;
  care: Care;
  nouns: readonly [string, ...string[]];
}

const TEAMS: readonly Team[] = [
  { name: "checkout", care: "good", nouns: ["cart", "basket", "pricing", "promotions", "orders", "returns"] },
  { name: "payments", care: "good", nouns: ["ledger", "settlement", "card-vault", "payout", "refunds", "fraud"] },
  { name: "identity", care: "good", nouns: ["login", "profile", "consent", "sessions", "directory"] },
  { name: "catalogue", care: "middling", nouns: ["products", "search", "media", "reviews", "taxonomy"] },
  { name: "logistics", care: "middling", nouns: ["shipment", "tracking", "carrier", "customs", "labels"] },
  { name: "warehouse", care: "bad", nouns: ["stock", "picking", "dock", "scanner", "replenish"] },
  { name: "insights", care: "middling", nouns: ["events", "sessions", "reports", "dashboards", "attribution"] },
  { name: "data-platform", care: "bad", nouns: ["ingest", "lake", "spark", "airflow", "notebook", "feature-store"] },
  { name: "messaging", care: "good", nouns: ["mail", "push", "templates", "preferences"] },
  { name: "partners", care: "bad", nouns: ["feeds", "affiliate", "export", "sync", "webhooks"] },
  { name: "mobile", care: "middling", nouns: ["bff", "config", "assets", "devices"] },
  { name: "experiments", care: "bad", nouns: ["sandbox", "prototype", "demo", "hackday", "playground"] },
];

const WORSE: Record<Care, Care> = { good: "middling", middling: "bad", bad: "bad" };
const BETTER: Record<Care, Care> = { good: "good", middling: "middling", bad: "middling" };

const SAME: Record<Care, Care> = { good: "good", middling: "middling", bad: "bad" };

/** What moving to the company's hardened base chart changes at once. */
const HARDENED = {
  root: false,
  escalation: false,
  noSeccomp: false,
  writableRoot: false,
  capabilities: false,
  noLimits: false,
};

/** The story: dated things that happen to one team on one cluster, as people would tell them. */
const STORIES: Record<string, Record<string, Partial<Tenancy>>> = {
  "aks-shop-neu-1": {
    // An audit makes the team drop privileged containers and host access.
    warehouse: {
      story: [{ day: -12.44, set: { privileged: false, hostNetwork: false, hostPid: false, hostPath: false } }],
    },
    catalogue: { story: [{ day: -6.38, set: HARDENED }] },
  },
  "eks-prod-use1-1": {
    // A debugging session that stayed; half of it is undone four days later.
    logistics: {
      story: [
        { day: -6.31, set: { privileged: true, hostNetwork: true } },
        { day: -2.4, set: { hostNetwork: false } },
      ],
    },
  },
  "eks-prod-euc1-1": {
    catalogue: { story: [{ day: -10.4, set: HARDENED }] },
  },
  "gke-web-ew4-1": {
    // A chart that was copied from a tutorial replaces the team's own.
    mobile: { story: [{ day: -5.45, set: { root: true, noSeccomp: true, noLimits: true, latestTag: true } }] },
  },
  "eks-data-euw1-1": {
    // The platform team rolls out requests and limits everywhere.
    "data-platform": { story: [{ day: -16.42, set: { noLimits: false, noRequests: false } }] },
    insights: { story: [{ day: -15.4, set: { noLimits: false, noRequests: false } }] },
  },
  "aks-dev-weu-1": {
    experiments: { adminFrom: -18.6, adminUntil: -4.35, story: [] },
    partners: { story: [{ day: -9.55, set: { root: false, escalation: false, noSeccomp: false } }] },
  },
  "eks-ml-usw2-1": {
    "data-platform": { adminFrom: -300, story: [{ day: -3.5, set: { latestTag: false } }] },
  },
  "gke-analytics-ew1-1": {
    insights: { story: [{ day: -21.5, set: { root: false, escalation: false } }] },
    "data-platform": { adminFrom: -7.45, story: [{ day: -7.4, set: { privileged: true, hostPath: true } }] },
  },
  "arc-store-fra-1": {
    // A new pipeline forgets the version of its images, and is repaired for one of the two teams.
    warehouse: { story: [{ day: -8.42, set: { latestTag: true, tagOnly: true } }] },
    logistics: {
      story: [
        { day: -8.42, set: { latestTag: true, tagOnly: true } },
        { day: -3.6, set: { latestTag: false } },
      ],
    },
  },
  "aks-payments-weu-1": {
    payments: { story: [{ day: -25.4, set: { writableRoot: false, noSeccomp: false } }] },
  },
};

/** The days on which a cluster gains a namespace within the month, and how many workloads come with it. */
const NEWCOMERS: Record<string, { day: number; name: string; workloads: number }[]> = {
  "aks-prod-weu-1": [{ day: -15.42, name: "loyalty", workloads: 8 }],
  "eks-prod-euc1-1": [{ day: -24.37, name: "gift-cards", workloads: 7 }],
  "aks-dev-weu-1": [{ day: -7.61, name: "hackathon-2026", workloads: 9 }],
  "gke-prod-ew1-1": [{ day: -2.38, name: "storefront-next", workloads: 6 }],
  "eks-data-euw1-1": [{ day: 3.4, name: "churn-model", workloads: 5 }],
  "aks-shop-neu-1": [{ day: 10.45, name: "click-and-collect", workloads: 6 }],
};

/** Which share of a good, middling and bad team's namespaces are isolated by a NetworkPolicy from the start. */
const ISOLATED: Record<Care, number> = { good: 0.85, middling: 0.35, bad: 0.05 };

/** The tenancies of a cluster, `workloads` in all for scale 1; newcomers after the anchor come on top. */
export function tenancies(seed: number, plan: ClusterPlan, workloads: number): Tenancy[] {
  const id = plan.base.id;
  const rng = random(`${seed}/${id}/tenancies`);
  const newcomers = NEWCOMERS[id] ?? [];
  const small = (count: number) => Math.max(1, Math.round((count * workloads) / Math.max(1, plan.workloads)));
  const expected = newcomers.filter((each) => each.day <= 0).reduce((sum, each) => sum + small(each.workloads), 0);
  const settled = Math.max(1, workloads - expected);
  const count = Math.min(TEAMS.length, Math.max(1, Math.round(settled / 17)));
  const told = Object.keys(STORIES[id] ?? {});
  const ranked = TEAMS.map((team) => ({
    team,
    rank: rng.next() - (told.includes(team.name) ? 2 : 0) - (team.care === plan.care ? 0.5 : 0),
  }));
  const chosen = ranked
    .sort((left, right) => left.rank - right.rank)
    .slice(0, count)
    .map(({ team }) => team);

  const result = chosen.map((team, index): Tenancy => {
    // A cluster lifts its teams, or lets them sink.
    const care = { good: BETTER, middling: SAME, bad: WORSE }[plan.care][team.care];
    const share = Math.floor(settled / count) + (index < settled % count ? 1 : 0);
    const always = rng.chance(ISOLATED[care]);
    const rollOut = plan.care !== "bad" && rng.chance(0.6) ? -22 + index * 1.7 + 0.4 : undefined;
    return {
      team: team.name,
      namespace: team.name,
      care,
      workloads: share,
      nouns: team.nouns,
      story: [],
      ...(always ? { isolated: Number.NEGATIVE_INFINITY } : rollOut === undefined ? {} : { isolated: rollOut }),
      ...STORIES[id]?.[team.name],
    };
  });
  for (const newcomer of newcomers) {
    result.push({
      team: newcomer.name,
      namespace: newcomer.name,
      care: WORSE[plan.care],
      workloads: small(newcomer.workloads),
      nouns: ["api", "front", "jobs"],
      appears: newcomer.day,
      story: [],
    });
  }
  return result;
}

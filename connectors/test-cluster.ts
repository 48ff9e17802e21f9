import type { Distribution, Gap } from "@/domain/inventory/schema";
import { mapLimited } from "./concurrency";
import {
  type ConnectionCheck,
  type Connector,
  type ConnectorContext,
  ConnectorError,
  type DiscoveredCluster,
  type KubernetesAccess,
} from "./connector";
import type { ReaderOptions } from "./kubernetes/client";
import { asConnectorError } from "./kubernetes/failure";
import { lacksOf } from "./kubernetes/permissions";
import { openReader } from "./kubernetes/reader";
import { reviewAccess } from "./kubernetes/review";

type Secrets = Readonly<Record<string, string>>;

const LABEL: Record<Distribution, string> = { aks: "AKS", eks: "EKS", gke: "GKE", arc: "Arc" };

/** How an identity that the cluster does not know is let in. */
const ENTRY: Record<Distribution, string> = {
  aks: "Bind the reader ClusterRole to the application's object id, or assign it an Azure Kubernetes Service RBAC role on the cluster.",
  eks: "Add an access entry for the role that Seawall takes on (eks:CreateAccessEntry), with a group that the reader ClusterRole is bound to.",
  gke: "Grant the service account container.clusters.get, and bind the reader ClusterRole to its e-mail address.",
  arc: "Create the reader service account in the cluster, and enter a bound token of it.",
};

/** A cluster that is private, stopped or not yet set up says nothing about the account. */
const OUT_OF_REACH = new Set<Gap["code"]>(["unreachable", "timeout", "unsupported"]);
/** A person waits: so many clusters, so many at once, and so long for each come to at most a minute. */
const MOST_TRIED = 20;
const AT_ONCE = 5;
const SECONDS_EACH = 15;
const MOST_NAMED = 12;

const about = (name: string, outcome: ConnectionCheck["outcome"], message: string): ConnectionCheck => ({
  name,
  outcome,
  message,
  about: "cluster",
});

/** A failure to reach or enter one cluster, told as that and not as a failure of the account. */
function unreached(name: string, distribution: Distribution, { code, message, permission }: Gap): ConnectionCheck {
  if (OUT_OF_REACH.has(code)) {
    const why = `The connection to the cloud works, but this cluster's API could not be tried from here: ${message}`;
    return about(name, "not_tested", `${why} A private cluster needs a worker within its network.`);
  }
  const advice = code === "unauthenticated" ? ` ${ENTRY[distribution]}` : permission ? ` Grant ${permission}.` : "";
  return about(name, "failed", `${message}${advice}`);
}

/** Asks one cluster's API what a scan would be denied. Rejects with what reaching or asking it threw. */
async function askCluster(
  permissions: Connector["permissions"],
  name: string,
  access: KubernetesAccess,
  options: ReaderOptions,
): Promise<ConnectionCheck> {
  const reader = openReader(access, options);
  try {
    const version = await reader.version();
    const review = await reviewAccess(access, options);
    const missing = review.gaps.flatMap(({ code, permission }) => (code === "denied" && permission ? permission : []));
    const other = review.gaps.find(({ code }) => code !== "denied");
    if (other) throw new ConnectorError(other);
    await reader.clusterUid().catch((error: unknown) => {
      const { code, permission } = asConnectorError(error, "namespaces/kube-system").gap;
      if (code !== "denied") throw error;
      if (permission) missing.push(permission);
    });
    const warnings = review.warnings.length === 0 ? "" : ` ${review.warnings.join(" ")}`;
    if (missing.length === 0) return about(name, "ok", `${version} at ${access.server}; all may be listed.${warnings}`);
    return about(name, "failed", `${lacksOf(missing, permissions)}${warnings}`);
  } finally {
    await reader.close();
  }
}

/** Tries one cluster, for as long as the test gives it. Never rejects. */
async function tryCluster<Settings>(
  connector: Connector<Settings>,
  [settings, secrets]: readonly [Settings, Secrets],
  { name, cluster }: { name: string; cluster: DiscoveredCluster },
  context: ConnectorContext,
  options: ReaderOptions,
): Promise<ConnectionCheck> {
  const { distribution } = connector;
  const time = AbortSignal.timeout(SECONDS_EACH * 1000);
  const signal = AbortSignal.any([context.signal, time]);
  const ended = (error: unknown, what: string): ConnectionCheck => {
    const { gap } = asConnectorError(error, what);
    if (!signal.aborted) return unreached(name, distribution, gap);
    const message = time.aborted
      ? `It did not answer within the ${SECONDS_EACH} seconds that the test gives a cluster.`
      : "The time of the whole test was over before.";
    return unreached(name, distribution, { ...gap, code: "timeout", message });
  };
  let access: KubernetesAccess;
  try {
    access = await connector.access(settings, secrets, cluster, { ...context, signal });
    await access.token();
  } catch (error) {
    return ended(error, `access to ${cluster.name}`);
  }
  return askCluster(connector.permissions, name, access, { ...options, signal }).catch((error: unknown) =>
    ended(error, name),
  );
}

/** What each cluster is called, with its region where another has the same name. */
function named(
  tried: readonly DiscoveredCluster[],
  all: readonly DiscoveredCluster[],
): { name: string; cluster: DiscoveredCluster }[] {
  return tried.map((cluster) => {
    const { region } = cluster.managed;
    const isOne = all.filter(({ name }) => name === cluster.name).length === 1;
    return { name: `Kubernetes API of ${cluster.name}${isOne || !region ? "" : ` in ${region}`}`, cluster };
  });
}

/**
 * What comes after the cloud's own steps: reads every cluster's settings once, then opens the Kubernetes API of each cluster, some at
 * once and of a large fleet the first ones, and asks it what a scan would be denied. A cluster is one check; those that were not tried
 * are one together. Never rejects.
 */
export async function testClusters<Settings>(
  connector: Connector<Settings>,
  settings: Settings,
  secrets: Secrets,
  context: ConnectorContext,
  options: ReaderOptions,
): Promise<ConnectionCheck[]> {
  const label = LABEL[connector.distribution];
  const name = `Settings of every ${label} cluster`;
  try {
    const { clusters, gaps } = await connector.discover(settings, secrets, context);
    const all = [...gaps, ...clusters.flatMap((cluster) => cluster.gaps)];
    const needs = [...new Set(all.flatMap(({ permission }) => permission ?? []))];
    const told = [...new Set(all.map(({ message }) => message))].slice(0, MOST_NAMED).join(" ");
    const grant = needs.length === 0 ? "" : ` Grant ${needs.join(", ")}.`;
    const checks =
      all.length === 0
        ? [about(name, "ok", `Read of ${clusters.length}.`)]
        : [about(name, "failed", `Not all could be read, and is not evaluated: ${told}${grant}`)];
    const tried = await mapLimited(named(clusters.slice(0, MOST_TRIED), clusters), AT_ONCE, async (target) => ({
      ...(await tryCluster(connector, [settings, secrets], target, context, options)),
      aliases: target.cluster.aliases,
    }));
    return [...checks, ...tried, ...untried(`Kubernetes API (${label})`, clusters.length)];
  } catch (error) {
    return [{ name, outcome: "failed", message: asConnectorError(error, name).message }];
  }
}

function untried(name: string, clusters: number): ConnectionCheck[] {
  if (clusters === 0) return [about(name, "not_tested", "There is no cluster to try it on.")];
  if (clusters <= MOST_TRIED) return [];
  const message = `A test tries ${MOST_TRIED} clusters, and there are ${clusters}. What could be read of the others, their scans say.`;
  return [about(name, "not_tested", message)];
}

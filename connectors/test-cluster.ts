import type { Distribution, Gap } from "@/domain/inventory/schema";
import type { ConnectionCheck, Connector, ConnectorContext, DiscoveredCluster, KubernetesAccess } from "./connector";
import type { ReaderOptions } from "./kubernetes/client";
import { asConnectorError } from "./kubernetes/failure";
import { grantOf } from "./kubernetes/permissions";
import { openReader } from "./kubernetes/reader";
import { reviewAccess } from "./kubernetes/review";

type Secrets = Readonly<Record<string, string>>;
type Target = Pick<DiscoveredCluster, "name" | "aliases" | "managed">;

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
/** A silent first cluster is not the last word; a fleet of them would take too long. */
const MOST_TRIED = 3;
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

async function tryCluster(
  connector: Pick<Connector, "distribution" | "permissions">,
  target: Target,
  open: () => Promise<KubernetesAccess>,
  options: ReaderOptions,
): Promise<{ reached: boolean; checks: ConnectionCheck[] }> {
  const { distribution, permissions } = connector;
  const name = `Kubernetes API of ${target.name}`;
  let access: KubernetesAccess;
  try {
    access = await open();
    await access.token();
  } catch (error) {
    const { gap } = asConnectorError(error, `access to ${target.name}`);
    return { reached: false, checks: [unreached(name, distribution, gap)] };
  }
  const reader = openReader(access, options);
  try {
    const version = await reader.version();
    const review = await reviewAccess(access, options);
    const missing = review.gaps.flatMap(({ code, permission }) => (code === "denied" && permission ? permission : []));
    const other = review.gaps.find(({ code }) => code !== "denied");
    if (other) return { reached: !OUT_OF_REACH.has(other.code), checks: [unreached(name, distribution, other)] };
    const identity = await reader.clusterUid().then(
      () => [],
      (error: unknown) => [asConnectorError(error, "namespaces/kube-system").gap],
    );
    for (const { code, permission } of identity) if (code === "denied" && permission) missing.push(permission);
    const [broken] = identity.filter(({ code }) => code !== "denied");
    if (broken) return { reached: true, checks: [unreached(name, distribution, broken)] };
    const warnings = review.warnings.length === 0 ? "" : ` ${review.warnings.join(" ")}`;
    if (missing.length === 0)
      return {
        reached: true,
        checks: [about(name, "ok", `${version} at ${access.server}; all may be listed.${warnings}`)],
      };
    const lacks = `The identity lacks ${missing.length} ${missing.length === 1 ? "permission" : "permissions"}: ${missing.join(", ")}. What it may not read is not evaluated.`;
    return {
      reached: true,
      checks: [about(name, "failed", `${lacks} ${grantOf(missing, permissions)}${warnings}`)],
    };
  } catch (error) {
    const { gap } = asConnectorError(error, name);
    return { reached: !OUT_OF_REACH.has(gap.code), checks: [unreached(name, distribution, gap)] };
  } finally {
    await reader.close();
  }
}

/**
 * What comes after the cloud's own steps: reads every cluster's settings once, then opens the Kubernetes API of the first cluster that
 * answers and asks it what a scan would be denied. Never rejects.
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
    if (clusters.length === 0)
      checks.push(about(`Kubernetes API (${label})`, "not_tested", "There is no cluster to try it on."));
    for (const cluster of clusters.slice(0, MOST_TRIED)) {
      const open = () => connector.access(settings, secrets, cluster, context);
      const tried = await tryCluster(connector, cluster, open, options);
      checks.push(...tried.checks);
      if (tried.reached) break;
    }
    return checks;
  } catch (error) {
    return [{ name, outcome: "failed", message: asConnectorError(error, name).message }];
  }
}

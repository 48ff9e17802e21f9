import { CouldNotLook, NotTold } from "@/components/empty";
import { visible } from "@/components/name";
import { When } from "@/components/when";
import type { ClusterDetail } from "../queries";

type Leaf = [path: string, value: unknown];
const MOST_LEAVES = 400;

function leavesOf(value: unknown, path = ""): Leaf[] {
  if (Array.isArray(value) && value.some((item) => typeof item === "object" && item !== null))
    return value.flatMap((item, index) => leavesOf(item, `${path}[${index}]`));
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, path === "" ? key : `${path}.${key}`));
}

const words = (value: unknown): string =>
  Array.isArray(value) ? (value.length === 0 ? "an empty list" : value.join(", ")) : String(value);

/** Facts that controls ask for on every managed cluster, and that a description need not hold. */
const ASKED = [
  "api.publicEndpoint",
  "api.privateEndpoint",
  "api.authorizedRanges",
  "identity.rbac",
  "identity.localAccounts",
  "identity.cloudDirectory",
  "identity.workloadIdentity",
  "network.plugin",
  "network.policyEngine",
  "logging.audit",
  "logging.api",
  "logging.controllerManager",
  "logging.scheduler",
  "encryption.secretsCustomerKey",
  "upgrade.channel",
  "upgrade.automatic",
  "upgrade.extendedSupport",
  "security.threatDetection",
  "security.policyAddon",
  "issues",
  "nodePools",
] as const;

/** Every fact of the cluster's description by its path in CEL (`object.…`), and the asked ones that were not told. */
export function SettingsAsRead({ cluster, timeZone }: { cluster: ClusterDetail; timeZone: string }) {
  if (cluster.managed === null)
    return <CouldNotLook>The cloud's description of this cluster has not been read.</CouldNotLook>;
  const leaves = leavesOf(cluster.managed);
  const missing = ASKED.filter((path) => !leaves.some(([known]) => known === path || known.startsWith(`${path}[`)));
  return (
    <>
      {cluster.managedAt === null ? null : (
        <p className="note" style={{ marginBottom: 8 }}>
          Read <When at={cluster.managedAt} timeZone={timeZone} />. Controls see these as <code>object</code>.
        </p>
      )}
      <dl className="facts wide-facts">
        {leaves.slice(0, MOST_LEAVES).flatMap(([path, value]) => [
          <dt key={`${path}-name`}>
            <code>{visible(path)}</code>
          </dt>,
          <dd key={path}>
            <bdi>{visible(words(value))}</bdi>
          </dd>,
        ])}
        {missing.flatMap((path) => [
          <dt key={`${path}-name`}>
            <code>{path}</code>
          </dt>,
          <dd key={path}>
            <NotTold />
          </dd>,
        ])}
      </dl>
    </>
  );
}

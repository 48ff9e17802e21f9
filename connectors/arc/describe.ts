import { reader, regionOf } from "@/connectors/azure/answer";
import { STATES } from "@/connectors/azure/states";
import { present } from "@/connectors/present";
import { wordOf } from "@/connectors/word";
import type { ManagedCluster } from "@/domain/inventory/schema";
import type { Extension } from "./extension";

/** What was read of one connected cluster: in the SDK's names, and its properties in the wire's. None of it is trusted. */
export interface ArcAnswer {
  cluster: unknown;
  properties: unknown;
  /** Absent: they could not be read, or not to their end. */
  extensions?: readonly Extension[];
}

const POLICY = "microsoft.policyinsights";
const DEFENDER = "microsoft.azuredefender.kubernetes";
const SECRETS = "microsoft.azurekeyvaultsecretsprovider";
const CONTAINER_LOGS = "microsoft.azuremonitor.containers";
const METRICS = "microsoft.azuremonitor.containers.metrics";

/** Whether a complete list of extensions holds one that was installed; one that failed to install is not there. */
const installed = (extensions: ArcAnswer["extensions"], type: string): boolean | undefined =>
  extensions?.some((each) => each.type === type && each.status === "Succeeded");

/** The words that ARM has for a setting that is on or off. */
const enabled = (word: string | undefined): boolean | undefined =>
  word === "Enabled" ? true : word === "Disabled" ? false : undefined;

type Reader = ReturnType<typeof reader>;

/** Connected, Offline and Expired say what they say; Connecting is neither. */
const CONNECTED: Readonly<Record<string, boolean>> = { Connected: true, Offline: false, Expired: false };

function agentFacts(read: Reader, raw: Reader): NonNullable<ManagedCluster["agent"]> {
  return present({
    connected: CONNECTED[read.text(["connectivityStatus"]) ?? ""],
    lastSeenAt: read.time(["lastConnectivityTime"]),
    version: read.text(["agentVersion"]),
    automaticUpgrade: enabled(raw.text(["arcAgentProfile", "agentAutoUpgrade"])),
    privateLink: enabled(raw.text(["privateLinkState"])),
    certificateEndsAt: read.time(["managedIdentityCertificateExpirationTime"]),
  });
}

/** Pods sign in to the cloud when both halves are there: the webhook that gives them a token, and the issuer that Entra ID trusts. */
function workloadIdentity(properties: Reader): boolean | undefined {
  const halves = [
    properties.flag(["securityProfile", "workloadIdentity", "enabled"]),
    properties.flag(["oidcIssuerProfile", "enabled"]),
  ];
  if (halves.includes(false)) return false;
  return halves.includes(undefined) ? undefined : true;
}

/**
 * The facts of one connected cluster. ARM knows little of it: how its API server is reached, logged, encrypted and upgraded stands
 * nowhere in the answer (`arcAgentProfile` upgrades Arc's agents and `privateLinkState` is their way to Azure), so those facts are
 * absent, and so are its node pools. An extension that is not installed is certain only where nothing else could do its work.
 */
export function describeArc({ cluster, properties, extensions }: ArcAnswer): ManagedCluster {
  const read = reader(cluster);
  const raw = reader(properties);
  const agent = agentFacts(read, raw);
  const platform = present({
    distribution: read.text(["distribution"]),
    infrastructure: read.text(["infrastructure"]),
  });
  const azureRbac = raw.flag(["aadProfile", "enableAzureRBAC"]);
  return {
    distribution: "arc",
    name: read.text(["name"]) ?? "",
    ...present({
      region: regionOf(read.text(["location"])),
      version: read.text(["kubernetesVersion"]),
      status: read.text(["connectivityStatus"]) ?? read.text(["provisioningState"]),
      createdAt: read.time(["systemData", "createdAt"]),
    }),
    api: {},
    identity: present({
      // Without Azure RBAC people may come with Entra ID all the same, or by a way of the cluster's own: that is not said here.
      cloudDirectory: azureRbac || undefined,
      cloudAuthorization: azureRbac,
      workloadIdentity: workloadIdentity(raw),
    }),
    network: {},
    // Logs and metrics may be kept by other agents than Azure's: only that they are is told.
    logging: present({
      workloads: installed(extensions, CONTAINER_LOGS) || undefined,
      metrics: installed(extensions, METRICS) || undefined,
    }),
    encryption: {},
    upgrade: {},
    security: present({
      policyAddon: installed(extensions, POLICY),
      threatDetection: installed(extensions, DEFENDER),
      secretStore: installed(extensions, SECRETS) || undefined,
    }),
    ...(Object.keys(agent).length === 0 ? {} : { agent }),
    ...(Object.keys(platform).length === 0 ? {} : { platform }),
    ...present({
      addons: extensions?.map(({ type, version, status }) => ({
        name: type,
        ...present({ version, status: wordOf(STATES, status) }),
      })),
    }),
  };
}

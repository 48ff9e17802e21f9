import type { SimControlPlane, SimDistribution, SimNodePool } from "./model";
import type { Care } from "./scenario-clusters";

/** Control planes as teams of each care set them up. */
export const planes: Record<Care, SimControlPlane> = {
  good: {
    care: "good",
    publicEndpoint: false,
    authorizedRanges: [],
    rbac: true,
    localAccounts: false,
    cloudDirectory: true,
    workloadIdentity: true,
    policyEngine: "cilium",
    auditLog: true,
    secretsCustomerKey: true,
    upgradeChannel: "stable",
    threatDetection: true,
    policyAddon: true,
    binaryAuthorization: true,
  },
  middling: {
    care: "middling",
    publicEndpoint: true,
    authorizedRanges: ["203.0.113.0/24", "198.51.100.16/28"],
    rbac: true,
    localAccounts: true,
    cloudDirectory: true,
    workloadIdentity: true,
    policyEngine: "calico",
    auditLog: true,
    secretsCustomerKey: false,
    upgradeChannel: "patch",
    threatDetection: false,
    policyAddon: true,
    binaryAuthorization: false,
  },
  bad: {
    care: "bad",
    publicEndpoint: true,
    authorizedRanges: [],
    rbac: true,
    localAccounts: true,
    cloudDirectory: false,
    workloadIdentity: false,
    policyEngine: "none",
    auditLog: false,
    secretsCustomerKey: false,
    upgradeChannel: "none",
    threatDetection: false,
    policyAddon: false,
    binaryAuthorization: false,
  },
};

const machines: Record<SimDistribution, { small: [string, number]; large: [string, number] }> = {
  aks: { small: ["Standard_D2ds_v5", 2], large: ["Standard_D8ds_v5", 8] },
  eks: { small: ["m6i.large", 2], large: ["m6i.2xlarge", 8] },
  gke: { small: ["e2-standard-2", 2], large: ["n2-standard-8", 8] },
  arc: { small: ["bare-metal", 4], large: ["bare-metal", 16] },
};

/** One of the two node pools of a cluster. */
export const pool = (
  distribution: SimDistribution,
  care: Care,
  mode: "system" | "user",
  count: number,
  version: string,
): SimNodePool => {
  const machine = machines[distribution];
  const [machineType, vcpu] = mode === "system" ? machine.small : machine.large;
  const good = care === "good";
  return {
    name: mode === "system" ? "system" : "apps",
    mode,
    machineType,
    vcpu,
    count,
    version,
    // The cloud makes the system pool anew; what people made by hand stays.
    os: care === "bad" && (mode === "user" || distribution === "arc") ? "old" : "standard",
    autoUpgrade: care !== "bad",
    autoRepair: care !== "bad",
    publicNodes: care === "bad",
    secureBoot: good,
    hostEncryption: good,
    metadataProtected: good,
  };
};

import { reader } from "@/connectors/azure/answer";
import { present } from "@/connectors/present";
import type { NodePool } from "@/domain/inventory/schema";

const SIGN_IN: Readonly<Record<string, boolean>> = { localuser: true, disabled: false, entraid: false };
const SANDBOX: Readonly<Record<string, boolean>> = {
  katavmisolation: true,
  katamshvvmisolation: true,
  ocicontainer: false,
};

/** One agent pool; `shared` are facts of the cluster that hold for all its pools. Null when the answer names no pool. */
export function describePool(
  pool: unknown,
  shared: { autoUpgrade: boolean | undefined; diskCustomerKey: boolean | undefined },
): NodePool | null {
  const read = reader(pool);
  const name = read.text(["name"]);
  if (name === undefined) return null;
  const status = read.text(["provisioningState"]);
  const off = status === undefined ? undefined : false;
  return {
    name,
    ...present({
      mode: read.text(["mode"])?.toLowerCase(),
      machineType: read.text(["vmSize"]),
      count: read.count(["count"]),
      minCount: read.count(["minCount"]),
      maxCount: read.count(["maxCount"]),
      version: read.text(["currentOrchestratorVersion"]) ?? read.text(["orchestratorVersion"]),
      osImage: read.text(["nodeImageVersion"]) ?? read.text(["osSKU"]),
      // "AKS continuously monitors the health state of worker nodes and performs automatic node repair"; it cannot be switched off.
      autoRepair: status === undefined ? undefined : true,
      // "The default is false", "If not specified, the default is false" (the SDK's reference).
      publicNodes: read.flag(["enableNodePublicIP"], off),
      secureBoot: read.flag(["securityProfile", "enableSecureBoot"], off),
      measuredBoot: read.flag(["securityProfile", "enableVtpm"], off),
      hostEncryption: read.flag(["enableEncryptionAtHost"]),
      status,
      // A pool has the size it was given until the autoscaler is switched on.
      autoscaling: read.flag(["enableAutoScaling"], off),
      // Without zones Azure places all nodes where it likes.
      zones: read.texts(["availabilityZones"], status === undefined ? undefined : [])?.length,
      sshAccess: SIGN_IN[read.text(["securityProfile", "sshAccess"])?.toLowerCase() ?? ""],
      sandbox: SANDBOX[read.text(["workloadRuntime"])?.toLowerCase() ?? ""],
      ...shared,
    }),
  };
}

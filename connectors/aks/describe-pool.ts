import { reader } from "@/connectors/azure/answer";
import { STATES } from "@/connectors/azure/states";
import { present } from "@/connectors/present";
import type { NodePool } from "@/domain/inventory/schema";

const SIGN_IN: Readonly<Record<string, boolean>> = { localuser: true, disabled: false, entraid: false };
const SANDBOX: Readonly<Record<string, boolean>> = {
  katavmisolation: true,
  katamshvvmisolation: true,
  ocicontainer: false,
};

const IMAGE = /^AKS(Ubuntu|AzureLinux|AzureContainerLinux|CBLMariner|Windows|Flatcar)-/i;
/** Those that name a version of a system, or one that has ended: "Ubuntu" is whichever belonged to the pool's version. */
const SYSTEMS = [
  ...["CBLMariner", "Mariner", "Ubuntu2204", "Ubuntu2404", "AzureLinux3"],
  ...["Windows2019", "Windows2022", "Windows2025"],
] as const;

/** The image of a pool's nodes, or its system where the answer names no image. */
function osImage(read: ReturnType<typeof reader>): string | undefined {
  if (!read.isThere(["nodeImageVersion"])) return read.word(["osSKU"], SYSTEMS);
  const image = read.text(["nodeImageVersion"]);
  return image !== undefined && IMAGE.test(image) ? image : undefined;
}

/** One agent pool; `shared` are facts of the cluster that hold for all its pools. One without a name is judged all the same: its nodes run. */
export function describePool(
  pool: unknown,
  shared: { autoUpgrade: boolean | undefined; diskCustomerKey: boolean | undefined },
): NodePool {
  const read = reader(pool);
  const described = (read.text(["provisioningState"]) ?? "") !== "";
  const off = described ? false : undefined;
  return {
    name: read.text(["name"]) ?? "",
    ...present({
      mode: read.text(["mode"])?.toLowerCase(),
      machineType: read.text(["vmSize"]),
      count: read.count(["count"]),
      minCount: read.count(["minCount"]),
      maxCount: read.count(["maxCount"]),
      version: read.text(["currentOrchestratorVersion"]) ?? read.text(["orchestratorVersion"]),
      osImage: osImage(read),
      // "AKS continuously monitors the health state of worker nodes and performs automatic node repair"; it cannot be switched off.
      autoRepair: described ? true : undefined,
      // "The default is false", "If not specified, the default is false" (the SDK's reference).
      publicNodes: read.flag(["enableNodePublicIP"], off),
      secureBoot: read.flag(["securityProfile", "enableSecureBoot"], off),
      measuredBoot: read.flag(["securityProfile", "enableVtpm"], off),
      hostEncryption: read.flag(["enableEncryptionAtHost"]),
      status: read.word(["provisioningState"], STATES),
      // A pool has the size it was given until the autoscaler is switched on.
      autoscaling: read.flag(["enableAutoScaling"], off),
      // Without zones Azure places all nodes where it likes.
      zones: read.texts(["availabilityZones"], described ? [] : undefined)?.length,
      sshAccess: SIGN_IN[read.text(["securityProfile", "sshAccess"])?.toLowerCase() ?? ""],
      sandbox: SANDBOX[read.text(["workloadRuntime"])?.toLowerCase() ?? ""],
      ...shared,
    }),
  };
}

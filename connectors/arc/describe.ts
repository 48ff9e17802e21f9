import { present, reader, regionOf } from "@/connectors/azure/answer";
import type { ManagedCluster } from "@/domain/inventory/schema";

/**
 * The facts of one connected cluster. ARM knows little of it: how its control plane is set up stands nowhere in the answer,
 * so those facts are absent, and so are its node pools.
 */
export function describeArc(cluster: unknown): ManagedCluster {
  const read = reader(cluster);
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
    identity: {},
    network: {},
    logging: {},
    encryption: {},
    upgrade: {},
    security: {},
  };
}

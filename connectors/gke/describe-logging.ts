import type { ManagedCluster } from "@/domain/inventory/schema";
import { present } from "../present";
import { name } from "./answer";
import type { GkeCluster } from "./client";

type Sent = GkeCluster["loggingConfig"] | GkeCluster["monitoringConfig"];
/** "An empty set would disable all" of it (the API's reference), and proto3 sends no empty list. */
const componentsOf = (config: Sent): readonly unknown[] | undefined =>
  config?.componentConfig ? (config.componentConfig.enableComponents ?? []) : undefined;

/**
 * What the cluster sends to Cloud Logging and Monitoring. `audit` stays absent: writes are always in the project's Admin Activity
 * log, but reads only where the project's IAM policy turns on Data Access logs, which is not in this answer.
 */
export function logging({ loggingConfig, monitoringConfig }: GkeCluster): ManagedCluster["logging"] {
  const logs = componentsOf(loggingConfig);
  const metrics = componentsOf(monitoringConfig);
  const sends = (components: readonly unknown[] | undefined, wanted: string): boolean | undefined =>
    components?.some((component) => name(component) === wanted);
  return present({
    api: sends(logs, "APISERVER"),
    controllerManager: sends(logs, "CONTROLLER_MANAGER"),
    scheduler: sends(logs, "SCHEDULER"),
    system: sends(logs, "SYSTEM_COMPONENTS"),
    workloads: sends(logs, "WORKLOADS"),
    metrics: sends(metrics, "SYSTEM_COMPONENTS"),
  });
}

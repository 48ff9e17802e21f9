import type { ExportTable } from "@/lib/http/export";
import { type Control, SCORE_GROUPS } from "../../schema";
import type { FindingItem } from "../schema";

/** `Deployment/checkout in shop`: the resource within its cluster. */
const resourcePath = ({ apiGroup, kind, namespace, name }: FindingItem): string =>
  `${apiGroup === "" ? "core" : apiGroup}/${kind}/${namespace === "" ? "-" : namespace}/${name}`;

const stepsFor = (control: Control | undefined, item: FindingItem): string => {
  const steps = control?.remediation.steps;
  return typeof steps === "string" ? steps : (steps?.[item.cluster.distribution] ?? steps?.default ?? "");
};

/** Defender's own words for what happened to a resource. */
const resourceState = (item: FindingItem): string => (item.state === "open" ? "Unhealthy" : "Healthy");

/**
 * Findings as a file: first the columns of Defender's recommendation export, by its names and in its order, as far as they mean something here;
 * then what Seawall knows besides. `base` is the console's address.
 */
export function findingTable(controls: ReadonlyMap<string, Control>, base: string, at: Date): ExportTable<FindingItem> {
  const exported = at.toISOString();
  const control = (item: FindingItem) => controls.get(item.control.id);
  return {
    name: "findings",
    version: 1,
    columns: [
      { name: "exportedTimestamp", of: () => exported },
      { name: "subscriptionId", of: (item) => item.account.externalId },
      { name: "subscriptionName", of: (item) => item.account.name },
      { name: "resourceGroup", of: (item) => item.namespace },
      { name: "resourceType", of: (item) => item.kind },
      { name: "resourceName", of: (item) => item.name },
      { name: "resourceId", of: (item) => `${item.cluster.id}/${resourcePath(item)}` },
      { name: "recommendationId", of: (item) => item.control.id },
      { name: "recommendationName", of: (item) => control(item)?.name ?? item.control.id },
      { name: "recommendationDisplayName", of: (item) => item.control.title },
      { name: "description", of: (item) => control(item)?.rationale.trim() ?? "" },
      { name: "remediationSteps", of: (item) => stepsFor(control(item), item).trim() },
      { name: "severity", of: (item) => item.severity },
      { name: "resourceState", of: resourceState },
      { name: "firstEvaluationDate", of: (item) => item.firstSeenAt },
      { name: "statusChangeDate", of: (item) => item.resolvedAt ?? item.firstSeenAt },
      { name: "controls", of: (item) => SCORE_GROUPS[item.group].title },
      { name: "nativeCloudAccountId", of: (item) => item.account.externalId },
      { name: "recommendationLink", of: (item) => `${base}/findings?state=open%2Cresolved&finding=${item.id}` },
      { name: "owner", of: (item) => item.owner },
      { name: "exemption", of: (item) => item.exemption?.type ?? "" },
      { name: "evidence", of: (item) => item.evidence.map(({ path, message }) => `${path}: ${message}`).join("\n") },
      { name: "firstSeen", of: (item) => item.firstSeenAt },
      { name: "lastSeen", of: (item) => item.lastSeenAt },
      { name: "state", of: (item) => item.state },
      { name: "resolvedAt", of: (item) => item.resolvedAt },
      { name: "resolution", of: (item) => item.resolution },
      { name: "notRechecked", of: (item) => item.notRechecked },
      { name: "reopened", of: (item) => item.reopened },
      { name: "message", of: (item) => item.message },
      { name: "provider", of: (item) => item.account.provider },
      { name: "distribution", of: (item) => item.cluster.distribution },
      { name: "clusterName", of: (item) => item.cluster.name },
      { name: "clusterId", of: (item) => item.cluster.id },
      { name: "findingId", of: (item) => item.id },
    ],
  };
}

import type { FaultKind, SimCore } from "../model";
import type { GcpGrants } from "./authorizer";
import { clusterAnswer, resourceName } from "./cluster-answer";
import type { ProtoJson } from "./protos";
import { denied, GoogleApiError } from "./status";
import type { GooglePrincipal } from "./token-book";

/** One simulated RPC: the IAM permission it needs, the resource it names and its answer. */
export interface Operation {
  permission: string;
  /** The full name in the request, also from the deprecated single fields. */
  target(request: ProtoJson): string;
  answer(core: SimCore, target: string, options: WireOptions): ProtoJson;
  /** What a fault makes of the answer, where it is still one. */
  changed?: Partial<Record<FaultKind, (answer: ProtoJson) => ProtoJson>>;
}

export interface WireOptions {
  /** Zones that a listing of this project could not reach; GKE then answers the rest with `missingZones`. */
  missingZones?: (projectId: string) => string[];
  /** What was granted. Without it the readers of all projects may do what the scenario says. */
  grants?: GcpGrants;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const parentOf = (request: ProtoJson): string =>
  text(request.parent) || `projects/${text(request.projectId)}/locations/${text(request.zone)}`;

export const projectOf = (target: string): string => target.split("/")[1] ?? "";

/** `repeat-page` on a service without pages: every cluster comes twice. */
function repeated(answer: ProtoJson): ProtoJson {
  const clusters = answer.clusters;
  return Array.isArray(clusters) ? { ...answer, clusters: [...clusters, ...clusters] } : answer;
}

export const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  [
    "ListClusters",
    {
      permission: "container.clusters.list",
      target: parentOf,
      answer(core, target, options) {
        const [, project = "", , location = ""] = target.split("/");
        const zones = options.missingZones?.(project) ?? [];
        const clusters = core
          .clusters()
          .filter((cluster) => cluster.distribution === "gke" && cluster.accountId === project)
          .filter((cluster) => location === "-" || cluster.region === location)
          .filter((cluster) => !zones.some((zone) => zone.startsWith(cluster.region)));
        return { clusters: clusters.map(clusterAnswer), missingZones: zones };
      },
      changed: { "repeat-page": repeated, filtered: () => ({ clusters: [], missingZones: [] }) },
    },
  ],
  [
    "GetCluster",
    {
      permission: "container.clusters.get",
      target: (request) => text(request.name) || `${parentOf(request)}/clusters/${text(request.clusterId)}`,
      answer(core, target) {
        const found = core
          .clusters()
          .find((cluster) => cluster.distribution === "gke" && resourceName(cluster) === target);
        if (found === undefined) throw new GoogleApiError("NOT_FOUND", `Not found: ${target}.`);
        return clusterAnswer(found);
      },
    },
  ],
]);

/** A service account may read its own project only; a federated principal may read nothing here. */
export function authorize(
  principal: GooglePrincipal,
  operation: Operation,
  target: string,
  { grants }: WireOptions,
): void {
  const held = grants === undefined || grants.permissions.includes(operation.permission);
  if (held && principal.kind === "service-account" && principal.projectId === projectOf(target)) return;
  throw denied(operation.permission, target.split("/").slice(0, 2).join("/"));
}

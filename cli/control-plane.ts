import { componentNamed, componentOf, partRunBy, programOf } from "@/domain/inventory/control-plane";
import { list, record } from "@/domain/inventory/json";
import type { KubernetesObject } from "@/domain/inventory/schema";
import { controllerOf } from "@/domain/inventory/workload";
import { APPLIES_TO, type Subject } from "@/domain/posture/schema";
import type { Given } from "./objects";

/**
 * The processes of a control plane that given pods run, each written where its pod is: of a dump those that a scan would take for one,
 * and pods of kube-system that nobody owns as they stand in /etc/kubernetes/manifests. These are told by the labels that kubeadm and
 * its like give them; where the files are said to be for a cluster that people run themselves (arc), also by what their container's command runs.
 */
export function controlPlaneParts(given: readonly Given[], distribution: unknown): Given[] {
  const parts: Given[] = [];
  for (const one of given) {
    const { object, source, lines, prefix } = one;
    if (object.kind !== "Pod" || object.metadata.namespace !== "kube-system" || object.apiVersion !== "v1") continue;
    const part = componentOf(object) ?? staticPart(object, distribution);
    if (part === null) continue;
    const lineOf = (path: string): number | undefined =>
      lines.of(`${prefix}${writtenAt(object, path.slice(prefix.length))}`);
    parts.push({ object: part, source, lines: { of: lineOf }, prefix });
  }
  return parts;
}

/** What controls judge of a part. */
export function partSubject({
  kind,
  metadata: { name, namespace = "" },
  ...rest
}: KubernetesObject): Omit<Subject, "facts"> {
  const appliesTo = APPLIES_TO.find((word) => word === kind) ?? "OtherObject";
  const object = { kind, metadata: { name, namespace }, ...rest };
  return { key: { apiGroup: "", kind, namespace, name }, appliesTo, object };
}

function staticPart(pod: KubernetesObject, distribution: unknown): KubernetesObject | null {
  const { metadata } = pod;
  if (controllerOf(metadata) !== null || (distribution !== undefined && distribution !== "arc")) return null;
  const part = partRunBy(pod);
  const { tier, component } = metadata.labels ?? {};
  if (part === null || (tier === "control-plane" && componentNamed(component) !== undefined)) return part;
  const named = list(record(pod.spec).containers)
    .map(record)
    .find(({ name }) => componentNamed(name) !== undefined);
  return distribution === "arc" && named !== undefined && programOf(named) === part.kind ? part : null;
}

/** Where in the pod a flag is given, the last time; the command where it is not. */
function writtenAt({ spec }: KubernetesObject, asked: string): string {
  const [whole, flag] = /^flags(?:\.(.+))?$/.exec(asked) ?? [];
  const containers = list(record(spec).containers);
  const nth = containers.findIndex((container) => componentNamed(record(container).name) !== undefined);
  if (whole === undefined || nth < 0) return asked;
  const container = record(containers[nth]);
  for (const field of ["args", "command"]) {
    const isOf = (word: unknown): boolean =>
      typeof word === "string" && word.split("=", 1)[0]?.replace(/^--?/, "").replaceAll("_", "-") === flag;
    const at = list(container[field]).findLastIndex(isOf);
    if (at >= 0) return `spec.containers[${nth}].${field}[${at}]`;
  }
  return `spec.containers[${nth}].command`;
}

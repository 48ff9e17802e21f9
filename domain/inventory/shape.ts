import { list, record, text } from "./json";
import { shortHash } from "./prune";
import type { KubernetesObject } from "./schema";
import { podTemplate } from "./workload";

const LISTS = ["initContainers", "containers", "ephemeralContainers"] as const;
const FLAGS = ["hostNetwork", "hostPID", "hostIPC", "hostUsers", "shareProcessNamespace", "securityContext"] as const;

/**
 * Hash of what decides how much harm a pod can do: its containers with images, security contexts and host ports, the host
 * namespaces and paths it enters, and whose token it holds. Equal for a template and the pods made of it; different when
 * somebody, an admission webhook or `kubectl debug` added to the pod. Names, limits and environment don't count.
 */
export function podShape(object: KubernetesObject): string {
  const { spec } = podTemplate(object);
  const containers = LISTS.map((kind) =>
    list(spec[kind]).map((item) => {
      const { name, image, securityContext, ports } = record(item);
      const hostPorts = list(ports).flatMap((port) => record(port).hostPort ?? []);
      return [name, image, securityContext ?? null, hostPorts];
    }),
  );
  const hostPaths = list(spec.volumes).flatMap((volume) => record(record(volume).hostPath).path ?? []);
  const account = text(spec.serviceAccountName) || text(spec.serviceAccount) || "default";
  const flags = FLAGS.map((flag) => spec[flag] ?? null);
  return shortHash(
    JSON.stringify([containers, hostPaths, account, spec.automountServiceAccountToken ?? null, ...flags]),
  );
}

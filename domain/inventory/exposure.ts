import { list, record, text } from "./json";
import type { KubernetesObject } from "./schema";
import { selects, serviceSelects } from "./selector";

/** NetworkPolicy directions as Kubernetes defaults them: ingress always, egress when it has egress rules. */
function directions(policy: KubernetesObject): { ingress: boolean; egress: boolean } {
  const { policyTypes, egress } = record(policy.spec);
  if (!Array.isArray(policyTypes) || policyTypes.length === 0) {
    return { ingress: true, egress: list(egress).length > 0 };
  }
  return { ingress: policyTypes.includes("Ingress"), egress: policyTypes.includes("Egress") };
}

/** Whether policies of a pod's own namespace select it, by direction. */
export function selectedBy(
  policies: readonly KubernetesObject[],
  labels: unknown,
): { ingress: boolean; egress: boolean } {
  const found = { ingress: false, egress: false };
  for (const policy of policies) {
    if (!selects(record(policy.spec).podSelector, labels)) continue;
    const { ingress, egress } = directions(policy);
    found.ingress ||= ingress;
    found.egress ||= egress;
  }
  return found;
}

/** Whether one of a namespace's policies selects every pod and allows no ingress. */
export function deniesIngressByDefault(policies: readonly KubernetesObject[]): boolean {
  return policies.some((policy) => {
    const spec = record(policy.spec);
    const { matchLabels, matchExpressions } = record(spec.podSelector);
    const everyPod = Object.keys(record(matchLabels)).length === 0 && list(matchExpressions).length === 0;
    return everyPod && directions(policy).ingress && list(spec.ingress).length === 0;
  });
}

/** Names of the services that an Ingress sends traffic to. */
export function backends(ingress: KubernetesObject): Set<string> {
  const spec = record(ingress.spec);
  const rules = list(spec.rules).flatMap((rule) => list(record(record(rule).http).paths));
  const services = [spec.defaultBackend, ...rules.map((path) => record(path).backend)];
  return new Set(services.map((backend) => text(record(record(backend).service).name)).filter((name) => name !== ""));
}

/** How pods with these labels are reached from outside, through the services and ingresses of their namespace. */
export function exposedBy(
  services: readonly KubernetesObject[],
  ingressBackends: ReadonlySet<string>,
  labels: unknown,
): string[] {
  const ways = new Set<string>();
  for (const service of services) {
    const spec = record(service.spec);
    if (!serviceSelects(spec.selector, labels)) continue;
    if (spec.type === "LoadBalancer" || spec.type === "NodePort") ways.add(spec.type);
    if (ingressBackends.has(service.metadata.name)) ways.add("Ingress");
  }
  return [...ways].sort();
}

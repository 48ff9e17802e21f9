import { list, record, text } from "./json";
import type { KubernetesObject } from "./schema";
import { areLabels, isAbsentOrList, isAbsentOrText, serviceSelects } from "./selector";

/** Names of the services that an Ingress sends traffic to; null when some of it can't be read. */
export function backends(ingress: KubernetesObject): Set<string> | null {
  const spec = record(ingress.spec);
  const isPath = (path: unknown): boolean => typeof path === "object" && path !== null;
  const isRule = (rule: unknown): boolean => isAbsentOrList(record(record(rule).http).paths, isPath);
  if (!isAbsentOrList(spec.rules, isRule)) return null;
  const rules = list(spec.rules).flatMap((rule) => list(record(record(rule).http).paths));
  const services = [spec.defaultBackend, ...rules.map((path) => record(path).backend)];
  return new Set(services.map((backend) => text(record(record(backend).service).name)).filter((name) => name !== ""));
}

/**
 * How pods with these labels are reached from outside, through the services and ingresses of their namespace. Undefined when
 * something that could not be read may expose them; what certainly exposes them is told all the same.
 */
export function exposedBy(
  services: readonly KubernetesObject[],
  ingressBackends: ReadonlySet<string> | null,
  labels: unknown,
): string[] | undefined {
  const ways = new Set<string>();
  let readable = ingressBackends !== null && areLabels(labels);
  for (const service of services) {
    const spec = record(service.spec);
    if (!areLabels(spec.selector) || !isAbsentOrText(spec.type)) readable = false;
    else if (serviceSelects(spec.selector, labels)) {
      if (spec.type === "LoadBalancer" || spec.type === "NodePort") ways.add(spec.type);
      if (ingressBackends?.has(service.metadata.name)) ways.add("Ingress");
    }
  }
  return readable || ways.has("LoadBalancer") || ways.has("NodePort") ? [...ways].sort() : undefined;
}

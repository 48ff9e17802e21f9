import { Choice } from "./choice";
import { list, record, text } from "./json";
import { onceFor } from "./once";
import type { KubernetesObject } from "./schema";
import { areLabels, isAbsentOrList, isAbsentOrText, ofService } from "./selector";

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

const isReadable = (service: KubernetesObject): boolean => {
  const { selector, type } = record(service.spec);
  return areLabels(selector) && isAbsentOrText(type);
};
const choiceOf = onceFor((services: readonly KubernetesObject[]) => ({
  readable: services.every(isReadable),
  choice: new Choice(services.filter(isReadable), ({ spec }) => ofService(record(spec).selector)),
}));

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
  const { readable, choice } = choiceOf(services);
  const selecting = choice.of(labels);
  for (const { spec, metadata } of selecting ?? []) {
    const { type } = record(spec);
    if (type === "LoadBalancer" || type === "NodePort") ways.add(type);
    if (ingressBackends?.has(metadata.name)) ways.add("Ingress");
  }
  const isKnown = readable && selecting !== undefined && ingressBackends !== null && areLabels(labels);
  return isKnown || ways.has("LoadBalancer") || ways.has("NodePort") ? [...ways].sort() : undefined;
}

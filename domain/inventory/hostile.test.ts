import { expect, it } from "vitest";
import { deriveFacts } from "./derive";
import type { KubernetesObject } from "./schema";

/** So many that each looked at for each other would take longer than any test may. */
const SIZE = 6_000;
const many = <T>(make: (at: number) => T): T[] => Array.from({ length: SIZE }, (_, at) => make(at));
const object = (kind: string, name: string, more: object): KubernetesObject => ({
  ...{ apiVersion: kind === "Deployment" ? "apps/v1" : "v1", kind, metadata: { name, namespace: "shop" } },
  ...more,
});
const webs = many((at) =>
  object("Deployment", `web-${at}`, {
    spec: { template: { metadata: { labels: { app: "web", [`own-${at}`]: "x" } } } },
  }),
);
/** What is told of the first and of each object, as long as all are told the same. */
function told(others: readonly KubernetesObject[], asked: readonly KubernetesObject[]): unknown {
  const factsOf = deriveFacts({
    workloads: webs,
    objects: (kind) => others.filter((one) => one.kind === kind),
    complete: () => true,
  });
  const all = new Set(asked.map((one) => JSON.stringify(factsOf(one))));
  expect(all.size).toBe(1);
  return JSON.parse([...all][0] ?? "null");
}
const selector = { matchLabels: { app: "web" } };

it("nobody is told what holds pods when thousands of policies select all of them", () => {
  const same = many((at) => object("NetworkPolicy", `p-${at}`, { spec: { podSelector: selector } }));
  expect(told(same, webs)).toMatchObject({ exposedBy: [], budget: "none" });
  for (const fact of ["selectedByIngressPolicy", "selectedByEgressPolicy"])
    expect(told(same, webs)).not.toHaveProperty(fact);
  expect(told(same, same)).not.toHaveProperty("selects");
});
it("nor what exposes them when thousands of services do, or how many those select", () => {
  const same = many((at) => object("Service", `s-${at}`, { spec: { type: "NodePort", selector: { app: "web" } } }));
  expect(told(same, webs)).toMatchObject({ selectedByIngressPolicy: false });
  expect(told(same, webs)).not.toHaveProperty("exposedBy");
  expect(told(same, same)).not.toHaveProperty("selects");
});
it("nor which budget covers them", () => {
  const same = many((at) => object("PodDisruptionBudget", `b-${at}`, { spec: { selector, maxUnavailable: 1 } }));
  expect(told(same, webs)).not.toHaveProperty("budget");
});
it("everybody is told when each of thousands is for one workload, or one is for all", () => {
  const policies = many((at) =>
    object("NetworkPolicy", `p-${at}`, { spec: { podSelector: { matchLabels: { app: "web", [`own-${at}`]: "x" } } } }),
  );
  const services = many((at) =>
    object("Service", `s-${at}`, { spec: { type: "NodePort", selector: { [`own-${at}`]: "x" } } }),
  );
  const backends = many((at) =>
    object("Ingress", `i-${at}`, { spec: { defaultBackend: { service: { name: `s-${at}` } } } }),
  );
  const budget = object("PodDisruptionBudget", "b", { spec: { selector, maxUnavailable: 1 } });
  const all = [...policies, ...services, ...backends, budget];
  const held = { selectedByIngressPolicy: true, selectedByEgressPolicy: false };
  expect(told(all, webs)).toMatchObject({ ...held, exposedBy: ["Ingress", "NodePort"], budget: "allows" });
  expect(told(all, [...policies, ...services].slice(0, 1))).toMatchObject({ selects: 1 });
});
it("rules of a role are read once, however many bindings refer to it", () => {
  const rules = many((at) => ({ apiGroups: [""], resources: [`pods-${at}`], verbs: ["get"] }));
  const role = { ...object("ClusterRole", "admin", { rules }), metadata: { name: "admin" } };
  const bindings = many((at) => object("RoleBinding", `b-${at}`, { roleRef: { kind: "ClusterRole", name: "admin" } }));
  const factsOf = deriveFacts({
    ...{ workloads: [], complete: () => true },
    objects: (kind) => (kind === "ClusterRole" ? [role] : kind === "RoleBinding" ? bindings : []),
  });
  for (const binding of bindings) expect(factsOf(binding).rules).toBe(factsOf(bindings[0] ?? role).rules);
});
it("nor are the namespaces looked up for each binding that a role with thousands of them may change", () => {
  const rules = many((at) => ({
    ...{ apiGroups: [""], resources: ["namespaces"], verbs: ["patch"] },
    resourceNames: [`n-${at}`, `m-${at}`],
  }));
  const role = { ...object("ClusterRole", "labels", { rules }), metadata: { name: "labels" } };
  const bindings = many((at) => ({
    ...object("RoleBinding", `b-${at}`, { roleRef: { kind: "ClusterRole", name: "labels" } }),
    metadata: { name: `b-${at}`, namespace: at % 2 === 0 ? `n-${at}` : `x-${at}` },
  }));
  const before = process.cpuUsage();
  const factsOf = deriveFacts({
    ...{ workloads: [], complete: () => true },
    objects: (kind) => (kind === "ClusterRole" ? [role] : kind === "RoleBinding" ? bindings : []),
  });
  const given = bindings.map((binding) => factsOf(binding).namespacePowers?.join());
  expect(process.cpuUsage(before).user).toBeLessThan(2_500_000);
  expect(given.slice(0, 2)).toEqual(["namespaces-write", ""]);
  expect(given.filter((powers) => powers === "namespaces-write")).toHaveLength(SIZE / 2);
});

import { reduceConfigMap } from "@/domain/inventory/config-map/reduced";
import { record } from "@/domain/inventory/json";
import type { KubernetesObject } from "@/domain/inventory/schema";
import { isWorkloadKind } from "@/domain/inventory/workload";
import { assess } from "./engine";
import { APPLIES_TO, type AppliesTo, type Assessment, type Control, type Subject } from "./schema";

export type Example = Control["examples"]["pass"][number];
export const EXAMPLE_LISTS = ["pass", "fail", "unknown", "notApplicable"] as const;
export type ExampleList = (typeof EXAMPLE_LISTS)[number];

const WORDS: ReadonlySet<string> = new Set(APPLIES_TO);
const wordOf = (kind: string): string => (isWorkloadKind(kind) ? "Workload" : WORDS.has(kind) ? kind : "OtherObject");

/** The subject that an example stands for; null when the control judges no such kind. Without a kind it is a ManagedCluster. */
export function exampleSubject(control: Control, { resource, facts = {} }: Example): Subject | null {
  const kind = typeof resource.kind === "string" ? resource.kind : "ManagedCluster";
  const word = wordOf(kind);
  const appliesTo = control.appliesTo.resources.find((one): one is AppliesTo => one === word);
  if (appliesTo === undefined) return null;
  const object = appliesTo === "ConfigMap" ? reduceConfigMap(asObject(resource)) : resource;
  return { key: { apiGroup: "", kind, namespace: "", name: "example" }, appliesTo, object, facts };
}

/** An example may leave out what its control does not read. */
const asObject = (resource: Example["resource"]): KubernetesObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  ...resource,
  metadata: { name: "example", ...record(resource.metadata) },
});

/** What the control says of one of its examples; null when it judges no such kind. `params` go before the example's own. */
export function assessExample(
  control: Control,
  example: Example,
  params?: Readonly<Record<string, unknown>>,
): Assessment | null {
  const subject = exampleSubject(control, example);
  if (subject === null) return null;
  return assess(control, subject, {
    ...(example.cluster === undefined ? {} : { cluster: example.cluster }),
    ...(example.params === undefined && params === undefined ? {} : { params: { ...example.params, ...params } }),
  });
}

const WANTED = {
  pass: "healthy",
  fail: "unhealthy",
  unknown: "not_evaluated",
  notApplicable: "not_applicable",
} as const;

/** What is wrong with an example: the control says something else, or shows evidence elsewhere. Null when it holds. */
export function exampleFault(control: Control, list: ExampleList, example: Example): string | null {
  const assessment = assessExample(control, example);
  if (assessment === null) return `the control judges no ${String(example.resource.kind ?? "ManagedCluster")}.`;
  if (assessment.outcome !== WANTED[list]) {
    const why = assessment.outcome === "not_evaluated" ? `: ${assessment.message}` : ".";
    return `it should be ${WANTED[list]}, and is ${assessment.outcome}${why}`;
  }
  if (assessment.outcome !== "unhealthy") return null;
  for (const { path, message } of assessment.evidence) {
    if (path === "") return "its evidence stands nowhere.";
    if (/[{}]|\?/.test(message)) return `its message has a gap: ${message}`;
  }
  const found = assessment.evidence.map(({ path }) => path);
  const { evidence = found } = example;
  if (evidence.length === found.length && evidence.every((path, index) => path === found[index])) return null;
  return `its evidence should be ${evidence.join(", ")}, and is ${found.join(", ")}.`;
}

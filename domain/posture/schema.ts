import { z } from "zod";
import { DISTRIBUTIONS, type KubernetesObject, type ResourceKey } from "@/domain/inventory/schema";

/** The words of posture. Safe in the browser. */
export const SEVERITIES = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof SEVERITIES)[number];
/** Rank for sorting and thresholds: critical 3 … low 0. Stored as smallint in the database. */
export const SEVERITY_RANK: Readonly<Record<Severity, number>> = { critical: 3, high: 2, medium: 1, low: 0 };

/** Score groups and their maximum points (Defender's, for containers). `best-practices` is shown but not scored. */
export const SCORE_GROUPS = {
  vulnerabilities: { title: "Vulnerabilities", points: 6 },
  "security-configurations": { title: "Security configurations", points: 4 },
  "access-and-permissions": { title: "Access and permissions", points: 4 },
  "encryption-at-rest": { title: "Encryption at rest", points: 4 },
  "data-in-transit": { title: "Data in transit", points: 4 },
  "network-access": { title: "Network access", points: 4 },
  "denial-of-service": { title: "Denial of service protection", points: 2 },
  "auditing-and-logging": { title: "Auditing and logging", points: 1 },
  "best-practices": { title: "Best practices", points: 0 },
} as const;
export type ScoreGroup = keyof typeof SCORE_GROUPS;
export const SCORE_GROUP_IDS = Object.keys(SCORE_GROUPS) as [ScoreGroup, ...ScoreGroup[]];

export const FOR_EACH = [
  "container",
  "securityContext",
  "variable",
  "mount",
  "volume",
  "port",
  "rule",
  "subject",
  "webhook",
  "nodePool",
  "entry",
] as const;
export type ForEach = (typeof FOR_EACH)[number];

/**
 * What a control judges. `Workload` is the topmost owner with a pod template; `ManagedCluster` the cloud's facts of a cluster;
 * `KubeApiServer` to `Etcd` the processes of a self-managed control plane, with their `flags`; `Kubelet` a node's agent, with its
 * `settings`; `ConfigMap` one without its values (`reduceConfigMap`); `OtherObject` any object of Kubernetes' own that a check of files is given and no scan lists.
 */
export const APPLIES_TO = [
  "Workload",
  "Namespace",
  "Node",
  "Service",
  "Ingress",
  "NetworkPolicy",
  "PodDisruptionBudget",
  "ServiceAccount",
  "Role",
  "ClusterRole",
  "RoleBinding",
  "ClusterRoleBinding",
  "ConfigMap",
  "ValidatingWebhookConfiguration",
  "MutatingWebhookConfiguration",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "OtherObject",
  "KubeApiServer",
  "KubeControllerManager",
  "KubeScheduler",
  "Etcd",
  "Kubelet",
  "ManagedCluster",
] as const;
export type AppliesTo = (typeof APPLIES_TO)[number];

const line = z.string().trim().min(3).max(200);
const prose = z.string().trim().min(10).max(2000);

/**
 * The ways in which an input can fail to say what a control asks for. Each control shows one example of each, wherever it
 * belongs: a default that is omitted may be as bad as it gets (`fail`), or harmless (`pass`), but no fact is ever guessed.
 */
export const EXAMPLE_CLASSES = {
  absent: "what the control needs is not there",
  null: "null stands in its place",
  "wrong-type": "a value of another type stands in its place",
  "default-omitted": "all is left out that may be left out, so that defaults decide",
} as const;
export type ExampleClass = keyof typeof EXAMPLE_CLASSES;

/** An example is a resource with the facts that scanning would join to it. `managed` stands for a ManagedCluster example. */
const exampleSchema = z.strictObject({
  name: line,
  resource: z.record(z.string(), z.unknown()),
  /** Derived facts of the resource (`facts` in CEL); absent means that they could not be derived. */
  facts: z.record(z.string(), z.unknown()).optional(),
  /** Facts of the resource's cluster (`cluster` in CEL). */
  cluster: z.record(z.string(), z.unknown()).optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  evidence: z.array(z.string()).optional(),
  class: z.enum(Object.keys(EXAMPLE_CLASSES) as [ExampleClass, ...ExampleClass[]]).optional(),
});

/** One control, one YAML file. Fields as the design lists them. */
export const controlSchema = z.strictObject({
  id: z.string().regex(/^SW-\d{4}$/, "looks like SW-0123"),
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "is in lower case with hyphens, as the file's"),
  title: line,
  scoreGroup: z.enum(SCORE_GROUP_IDS),
  severity: z.enum(SEVERITIES),
  maturity: z.enum(["preview", "stable", "deprecated"]),
  aliases: z.array(z.string()).default([]),
  appliesTo: z.strictObject({
    resources: z.array(z.enum(APPLIES_TO)).min(1),
    distributions: z.array(z.enum(DISTRIBUTIONS)).optional(),
    /** CEL, read as `violates` is; what it is false of is none of the control's business: not_applicable, neither good nor bad. */
    when: z.string().trim().min(1).max(4000).optional(),
  }),
  rationale: prose,
  forEach: z.enum(FOR_EACH).optional(),
  violates: z.string().trim().min(1).max(4000),
  params: z.record(z.string(), z.unknown()).default({}),
  message: z.string().trim().min(3).max(400),
  remediation: z.strictObject({
    effort: z.enum(["low", "medium", "high"]),
    impact: prose,
    steps: z.union([prose, z.partialRecord(z.enum([...DISTRIBUTIONS, "default"]), prose)]),
    patch: z.string().optional(),
    cli: z.union([z.string(), z.partialRecord(z.enum([...DISTRIBUTIONS, "default"]), z.string())]).optional(),
    terraform: z.union([z.string(), z.partialRecord(z.enum([...DISTRIBUTIONS, "default"]), z.string())]).optional(),
  }),
  references: z.array(z.url()).default([]),
  examples: z.strictObject({
    pass: z.array(exampleSchema).min(1),
    fail: z.array(exampleSchema).min(1),
    /** Inputs on which the control must say that it does not know. */
    unknown: z.array(exampleSchema).default([]),
    /** What the control says nothing of: `appliesTo.when` is false. */
    notApplicable: z.array(exampleSchema).default([]),
  }),
});
export type Control = z.infer<typeof controlSchema>;

export const NOT_EVALUATED_REASONS = ["fact_absent", "error", "denied", "unreachable", "not_listed", "stale"] as const;
export type NotEvaluatedReason = (typeof NOT_EVALUATED_REASONS)[number];

export interface Evidence {
  /** Path in the judged object, e.g. `spec.template.spec.containers[0]`. */
  path: string;
  message: string;
}

/** control × resource. */
export type Assessment =
  | { outcome: "healthy" }
  | { outcome: "unhealthy"; evidence: Evidence[] }
  | { outcome: "not_applicable" }
  | { outcome: "not_evaluated"; reason: NotEvaluatedReason; message: string };
export type Outcome = Assessment["outcome"];

/** What the engine judges: an object with what was joined to it. */
export interface Subject {
  key: ResourceKey;
  /** Which `appliesTo` word it answers to. */
  appliesTo: AppliesTo;
  /** The raw object, or the ManagedCluster itself under `appliesTo: ManagedCluster`. */
  object: KubernetesObject | Record<string, unknown>;
  /** Derived facts (`facts` in CEL), from `inventory`. A fact that could not be derived is absent. */
  facts: Record<string, unknown>;
}

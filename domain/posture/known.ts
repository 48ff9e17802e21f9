import type { z } from "zod";
import { either, type Known, shapeOf } from "@/cel/known";
import type { Facts } from "@/domain/inventory/fact";
import { managedClusterSchema } from "@/domain/inventory/schema";
import { componentFields } from "./component-field";
import { readable } from "./engine-null";
import { Bound } from "./engine-subject";
import { EXAMPLE_LISTS, exampleSubject } from "./example";
import type { Control, ForEach } from "./schema";

/** What a schema has below it. */
function shapeOfSchema(schema: z.core.$ZodType): Known {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "optional":
    case "nullable":
    case "default":
      return shapeOfSchema(def.innerType);
    case "array":
      return { "*": shapeOfSchema(def.element) };
    case "object":
      return Object.fromEntries(Object.entries(def.shape).map(([name, field]) => [name, shapeOfSchema(field)]));
    default:
      return {};
  }
}

/** The cloud's facts of a cluster. */
export const CLUSTER: Known = shapeOfSchema(managedClusterSchema);

type ShapeOf<T> = T extends readonly (infer E)[]
  ? { readonly "*": ShapeOf<E> }
  : T extends object
    ? { readonly [K in keyof T]-?: ShapeOf<NonNullable<T[K]>> }
    : Readonly<Record<string, never>>;
const ONE = {};
const MANY = { "*": ONE };
const RULE = { apiGroups: MANY, resources: MANY, verbs: MANY, resourceNames: MANY, nonResourceURLs: MANY };

/** The derived facts; the compiler holds it against their types. */
const SHAPES: { readonly [K in keyof Facts]-?: ShapeOf<NonNullable<Facts[K]>> } = {
  selectedByIngressPolicy: ONE,
  selectedByEgressPolicy: ONE,
  budget: ONE,
  minReplicas: ONE,
  removedVersions: MANY,
  nextRemovedVersions: MANY,
  deprecatedVersions: MANY,
  exposedBy: MANY,
  tokenMounted: ONE,
  reach: MANY,
  namespaceReach: MANY,
  workloads: ONE,
  defaultDenyIngress: ONE,
  defaultDenyEgress: ONE,
  quotas: ONE,
  limitRanges: ONE,
  bindings: ONE,
  rules: { "*": RULE },
  grants: MANY,
  sureGrants: MANY,
  powers: MANY,
  namespacePowers: MANY,
  roleExists: ONE,
  missingSubjects: MANY,
  builtIn: ONE,
  kubeletSkew: ONE,
  selects: ONE,
  allowsAll: MANY,
  opensMetadata: ONE,
  missingBackends: MANY,
  missingServices: MANY,
  expiredCas: MANY,
  osSupported: ONE,
  kubeletSupported: ONE,
  notReadyDays: ONE,
  cordonedDays: ONE,
  poolVersions: ONE,
  versionSupported: ONE,
  nodesOutsidePools: ONE,
  agentCertificateDays: ONE,
};
export const FACTS: Known = SHAPES;

/** What every object has, shown or not. */
const OBJECT: Known = {
  apiVersion: ONE,
  kind: ONE,
  metadata: { name: ONE, namespace: ONE, labels: ONE, annotations: ONE, ownerReferences: ONE },
};

/** What a loop binds beside its item. */
const BESIDE: { readonly [name in ForEach]?: readonly string[] } = {
  container: ["containerKind"],
  variable: ["container", "containerKind"],
  mount: ["container", "containerKind", "volume"],
  securityContext: ["setOn"],
  subject: ["account"],
};

/** What the examples of a control show under each binding; `each`: with the items of that kind. */
export function shownBy(control: Control, each: ForEach | undefined = control.forEach): Known {
  let shown: Known | true = {};
  for (const list of EXAMPLE_LISTS) {
    for (const example of control.examples[list]) {
      const subject = exampleSubject(control, example);
      if (subject === null) continue;
      const { own, walks } = new Bound(readable(subject), example.cluster);
      shown = either(shown, shapeOf(own));
      for (const { bindings } of (each === undefined ? null : walks.of(each))?.items ?? [])
        shown = either(shown, shapeOf(bindings));
    }
  }
  return shown === true ? {} : shown;
}

/**
 * What a control's expression and message may name. Of our own shapes (clusters, node pools, derived facts, the control's parameters)
 * everything is known; of Kubernetes' objects what the control's examples show, so that each field it reads stands in one of them.
 */
export function knownTo(control: Control): Known {
  const { params, forEach, appliesTo } = control;
  const shown = shownBy(control);
  const cloud = appliesTo.resources.includes("ManagedCluster");
  const kinds = appliesTo.resources.some((word) => word !== "ManagedCluster");
  const items = forEach === undefined ? [] : [forEach, ...(BESIDE[forEach] ?? [])];
  return {
    object: either(cloud ? CLUSTER : {}, kinds ? named(either(OBJECT, below(shown, "object")), control) : {}),
    spec: below(shown, "spec"),
    pod: below(shown, "pod"),
    cluster: CLUSTER,
    facts: FACTS,
    params: shapeOf(params),
    ...Object.fromEntries(items.map((name) => [name, below(shown, name)])),
    ...(forEach === "nodePool" ? { nodePool: below(below(CLUSTER, "nodePools"), "*") } : {}),
  };
}

/** Of a component of the control plane and of a kubelet all flags and settings are known, whatever the examples show; no other is. */
function named(object: Known | true, { appliesTo }: Control): Known | true {
  const fields = componentFields(appliesTo.resources);
  if (fields === null || object === true) return object;
  const { under, names } = fields;
  const shown = below(object, under);
  return { ...object, [under]: Object.fromEntries(names.map((name) => [name, below(shown, name)])) };
}

function below(known: Known | true, name: string): Known | true {
  if (known === true) return true;
  return Object.hasOwn(known, name) ? (known[name] ?? true) : {};
}

import { fieldsOf, type Known, shapeOf } from "@/cel/known";
import { apiTable } from "@/domain/inventory/api-version/table";
import { CONFIG_MAPS, DISTRIBUTIONS, LISTED_KINDS, WORKLOAD_KINDS } from "@/domain/inventory/schema";
import { nearest, suggestion } from "@/lib/nearest";
import { componentFields } from "./component-field";
import { EXAMPLE_LISTS, type Example, exampleSubject } from "./example";
import type { ContentFault } from "./file-fault";
import { CLUSTER, FACTS } from "./known";
import { APPLIES_TO, type Control } from "./schema";

/**
 * What is wrong with a control's examples before it judges them: kinds that it does not judge, facts and parameters that nothing has.
 * `readsKnown`: the control reads nothing that is not known, so that its words can be held against those of the examples.
 */
export function exampleFaults(control: Control, readsKnown: boolean): ContentFault[] {
  const words = readsKnown ? wordsOf(control) : NO_WORDS;
  return EXAMPLE_LISTS.flatMap((list) =>
    control.examples[list].flatMap((example, index) => {
      const where = ["examples", list, index];
      const { evidence, facts = {}, cluster = {}, params = {}, resource } = example;
      const cloud = exampleSubject(control, example)?.appliesTo === "ManagedCluster";
      return [
        ...kindFaults(control, example, [...where, "resource"]),
        ...(cloud
          ? unknownKeys(resource, CLUSTER, [...where, "resource"])
          : nearKeys(resource, words, [...where, "resource"])),
        ...componentFaults(control, resource, [...where, "resource"]),
        ...(cloud ? distributionFaults(resource, [...where, "resource"]) : []),
        ...distributionFaults(cluster, [...where, "cluster"]),
        ...unknownKeys(facts, FACTS, [...where, "facts"]),
        ...unknownKeys(cluster, CLUSTER, [...where, "cluster"]),
        ...unknownKeys(params, shapeOf(control.params), [...where, "params"], 1),
        ...(evidence !== undefined && list !== "fail"
          ? [{ where, key: "evidence", message: `${where.join(".")}: only an example in \`fail\` has evidence.` }]
          : []),
      ];
    }),
  );
}

/** Kinds of Kubernetes' own that the product knows by name. */
const kindsKnown = (): string[] => [
  ...APPLIES_TO.filter((word) => word !== "Workload" && word !== "OtherObject" && word !== "ManagedCluster"),
  ...WORKLOAD_KINDS,
  ...[...LISTED_KINDS, CONFIG_MAPS].map(({ kind }) => kind),
  ...[...apiTable().groupKinds].map((name) => name.slice(name.indexOf("/") + 1)),
];

function kindFaults(control: Control, example: Example, where: readonly PropertyKey[]): ContentFault[] {
  const { kind } = example.resource;
  const { resources } = control.appliesTo;
  const at = where.join(".");
  const judged = resources.flatMap((word) => (word === "Workload" ? [...WORKLOAD_KINDS] : [word]));
  if (exampleSubject(control, example) === null) {
    if (typeof kind === "string")
      return [
        { where: [...where, "kind"], message: `${at}.kind: the control judges no ${kind}.${suggestion(kind, judged)}` },
      ];
    const key = nearest("kind", Object.keys(example.resource));
    const meant = key === null || key === "kind" ? `Write one: ${judged.join(", ")}.` : `Did you mean kind by ${key}?`;
    return [{ where, ...(key === null ? {} : { key }), message: `${at}: there is no kind. ${meant}` }];
  }
  if (typeof kind !== "string" || !resources.includes("OtherObject")) return [];
  const known = kindsKnown();
  const meant = known.includes(kind) ? "" : suggestion(kind, known);
  return meant === "" ? [] : [{ where: [...where, "kind"], message: `${at}.kind: ${kind} is not known.${meant}` }];
}

const PLACES = [
  ...["apiVersion", "metadata", "namespace", "labels", "annotations", "spec", "template", "jobTemplate"],
  ...["containers", "initContainers", "ephemeralContainers", "volumes", "volumeMounts", "volumeClaimTemplates"],
  ...["ports", "rules", "subjects", "webhooks", "ingress", "egress", "defaultBackend", "data", "binaryData", "roleRef"],
];

const NO_WORDS: ReadonlySet<string> = new Set();
/** The fields that a control may look at, and every other word of its expression; empty of one that judges any object. */
function wordsOf({ appliesTo, violates, message, remediation }: Control): ReadonlySet<string> {
  if (appliesTo.resources.includes("OtherObject")) return NO_WORDS;
  const text = [violates, appliesTo.when ?? "", message, remediation.patch ?? ""].join(" ");
  return new Set([...PLACES, ...(text.match(/[A-Za-z_]\w*/g) ?? []), ...(text.match(/[A-Za-z][\w-]*/g) ?? [])]);
}

/** Keys of an object of Kubernetes, whose fields nobody lists here, that are all but one which the control reads: misspelt ones look like omitted. */
function nearKeys(value: unknown, words: ReadonlySet<string>, where: readonly PropertyKey[]): ContentFault[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => nearKeys(item, words, [...where, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => {
    const near = key.length < 5 || words.has(key) ? null : nearest(key, words);
    const same = near === null || `${near}s` === key || `${key}s` === near || near.toLowerCase() === key.toLowerCase();
    const fault = same
      ? []
      : [{ where, key, message: `${where.join(".")}: the control reads no ${key}. Did you mean ${near}?` }];
    return [...fault, ...nearKeys(below, words, [...where, key])];
  });
}

/** Flags and settings of a component that it does not have; of another type they may be, to show what the control says then. */
function componentFaults({ appliesTo }: Control, resource: Example["resource"], where: readonly PropertyKey[]) {
  const fields = componentFields(appliesTo.resources);
  const given = fields === null ? undefined : resource[fields.under];
  if (fields === null || typeof given !== "object" || given === null || Array.isArray(given)) return [];
  return unknownKeys(given, Object.fromEntries(fields.names.map((name) => [name, true])), [...where, fields.under]);
}

/** A distribution that is none; of another type it may be, to show what the control says then. */
function distributionFaults({ distribution }: Example["resource"], where: readonly PropertyKey[]): ContentFault[] {
  if (typeof distribution !== "string" || DISTRIBUTIONS.some((known) => known === distribution)) return [];
  const message = `${where.join(".")}.distribution: ${distribution} is no distribution.${suggestion(distribution, DISTRIBUTIONS)}`;
  return [{ where: [...where, "distribution"], message }];
}

/** Keys of a value that nothing has; `depth`: how many levels of it are looked at. */
function unknownKeys(
  value: unknown,
  known: Known | true,
  where: readonly PropertyKey[],
  depth = Number.POSITIVE_INFINITY,
): ContentFault[] {
  if (known === true || depth === 0) return [];
  if (Array.isArray(value))
    return value.flatMap((item, index) => unknownKeys(item, known["*"] ?? {}, [...where, index], depth));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => {
    if (Object.hasOwn(known, key)) return unknownKeys(below, known[key] ?? true, [...where, key], depth - 1);
    const message = `${where.join(".")}: ${key} is not known here.${suggestion(key, fieldsOf(known))}`;
    return [{ where, key, message }];
  });
}

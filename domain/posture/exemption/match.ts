import { type Json, list, record, text } from "@/domain/inventory/json";
import type { ResourceKey } from "@/domain/inventory/schema";
import { isWorkloadKind, podTemplate } from "@/domain/inventory/workload";
import type { Exemption } from "../score";
import type { ExemptionTarget } from "./schema";

/** An exemption in force, as matching needs it. */
export interface ActiveExemption {
  id: string;
  type: Exemption;
  targets: readonly ExemptionTarget[];
}
/**
 * What is looked at of a finding. `object`: its resource, undefined when it was not looked up; what a cloud tells of a cluster is one
 * too, and has no metadata.
 */
export interface ExemptSubject extends ResourceKey {
  controlId: string;
  scoreGroup: string;
  accountId: string;
  clusterId: string;
  object?: Json | undefined;
}

/** A cluster that turned out to be another row's: its own name, and what it stands for. */
export interface SecondName {
  id: string;
  name: string;
  first: { id: string; name: string; accountId: string };
}

/** What a target means where its cluster is a second name: the same of the cluster that it stands for, whose facts bear that one's name. */
export function underFirstName(target: ExemptionTarget, names: readonly SecondName[]): ExemptionTarget {
  const known = names.find(({ id }) => id === target.cluster);
  if (known === undefined) return target;
  const isOwnFacts = target.kind === "ManagedCluster" && target.name === known.name;
  const { id: cluster, accountId: account, name } = known.first;
  return { ...target, cluster, account, ...(isOwnFacts ? { name } : {}) };
}

/** Whether `text` fits a pattern in which `*` is any text. Linear: the pattern is a person's, the text an attacker's. */
export function fitsPattern(pattern: string, whole: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (!whole.startsWith(first)) return false;
  const last = rest.pop();
  if (last === undefined) return whole === pattern;
  let at = first.length;
  for (const part of rest) {
    const found = whole.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return whole.length - last.length >= at && whole.endsWith(last);
}

/** Images that the containers of a workload name; none of what is no workload. */
export function imagesOf(object: Json): string[] {
  if (!isWorkloadKind(text(object.kind))) return [];
  const { spec } = podTemplate(object);
  return ["containers", "initContainers", "ephemeralContainers"].flatMap((field) =>
    list(spec[field]).map((container) => text(record(container).image)),
  );
}

/** Whether all that a target names fits; undefined when only the resource itself could tell. */
export function fits(target: ExemptionTarget, subject: ExemptSubject): boolean | undefined {
  const named =
    (target.control === undefined || target.control === subject.controlId) &&
    (target.group === undefined || target.group === subject.scoreGroup) &&
    (target.account === undefined || target.account === subject.accountId) &&
    (target.cluster === undefined || target.cluster === subject.clusterId) &&
    (target.apiGroup === undefined || target.apiGroup === subject.apiGroup) &&
    (target.kind === undefined || target.kind === subject.kind) &&
    (target.name === undefined || target.name === subject.name) &&
    (target.namespace === undefined ||
      target.namespace === (subject.kind === "Namespace" ? subject.name : subject.namespace));
  const { labels, image } = target;
  if (!named || (labels === undefined && image === undefined)) return named;
  const { object } = subject;
  if (object === undefined) return undefined;
  const own = record(record(object.metadata).labels);
  return (
    Object.entries(labels ?? {}).every(([key, value]) => Object.hasOwn(own, key) && own[key] === value) &&
    (image === undefined || imagesOf(object).some((one) => fitsPattern(image, one)))
  );
}

/** Whether a target is decided by the resource itself, not by its name alone. */
export const needsObject = ({ labels, image }: ExemptionTarget): boolean => labels !== undefined || image !== undefined;

/**
 * The exemption that holds for a finding: the one requested first of those that fit. What only the resource could tell, when it
 * was not seen, stays as it was: `held` is the exemption that the finding has.
 */
export function exemptionFor(
  active: readonly ActiveExemption[],
  subject: ExemptSubject,
  held: string | null,
): ActiveExemption | null {
  let found: ActiveExemption | null = null;
  for (const one of active) {
    if (found !== null && found.id < one.id) continue;
    const fit = one.targets.some((target) => fits(target, subject) ?? one.id === held);
    if (fit) found = one;
  }
  return found;
}

/** The exemptions that may concern a cluster, by what is known of a finding before its resource is looked at. */
export class ExemptionIndex {
  readonly #by = new Map<string, ActiveExemption[]>();
  readonly size: number;

  constructor(active: readonly ActiveExemption[], place: { accountId: string; clusterId: string }) {
    let size = 0;
    for (const { targets, ...one } of active) {
      const here = new Map<string, ExemptionTarget[]>();
      for (const target of targets) {
        if (target.account !== undefined && target.account !== place.accountId) continue;
        if (target.cluster !== undefined && target.cluster !== place.clusterId) continue;
        const key = keyOf(target.control, target.namespace);
        here.set(key, [...(here.get(key) ?? []), target]);
      }
      for (const [key, some] of here) {
        this.#by.set(key, [...(this.#by.get(key) ?? []), { ...one, targets: some }]);
        size++;
      }
    }
    this.size = size;
  }

  /** Those that may fit a finding, each with the targets that may. */
  candidates({ controlId, kind, name, namespace }: Omit<ExemptSubject, "object">): ActiveExemption[] {
    const place = kind === "Namespace" ? name : namespace;
    return [
      keyOf(controlId, place),
      keyOf(controlId, undefined),
      keyOf(undefined, place),
      keyOf(undefined, undefined),
    ].flatMap((key) => this.#by.get(key) ?? []);
  }
}

const keyOf = (control: string | undefined, namespace: string | undefined): string =>
  `${control ?? "*"}/${namespace ?? "*"}`;

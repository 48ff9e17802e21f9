import { shortHash } from "@/domain/inventory/prune";
import { type ResourceKey, resourceKeyText } from "@/domain/inventory/schema";
import { type Control, SEVERITY_RANK } from "@/domain/posture/schema";
import type { FindingWrite, OpenFinding, Resolution } from "@/domain/posture/store";
import type { Decision } from "./plan";

export interface Transitions {
  open: FindingWrite[];
  refresh: (FindingWrite & { id: string })[];
  resolve: Resolution[];
  /** Findings that stay, and why they could not be checked again; null: they were, and had not been before. */
  mark: { id: string; reason: string | null }[];
  /** Findings that stay, and whose resource changed hands. */
  own: { id: string; owner: string | null }[];
  /** Findings open after the scan: control ids by resource. */
  openAfter: Map<string, Set<string>>;
  openBefore: Map<string, Set<string>>;
}

const byResource = (findings: readonly OpenFinding[]) => {
  const map = new Map<string, Map<string, OpenFinding>>();
  for (const finding of findings) {
    const id = resourceKeyText(finding);
    map.set(id, (map.get(id) ?? new Map()).set(finding.controlId, finding));
  }
  return map;
};

/** Whose a resource is; undefined when nothing that says it was seen. */
type OwnerOf = (key: ResourceKey) => string | null | undefined;

/**
 * What opens, stays and resolves. A finding resolves only when its control was evaluated healthy (or not applicable) on its
 * resource, when the resource was seen to be gone, or when the control itself left the product.
 */
export function transitionsOf(
  decisions: ReadonlyMap<string, Decision>,
  findings: readonly OpenFinding[],
  controls: readonly Control[],
  ownerOf: OwnerOf,
): Transitions {
  const known = byResource(findings);
  const active = new Map(controls.filter(({ maturity }) => maturity !== "deprecated").map((one) => [one.id, one]));
  const result: Transitions = {
    open: [],
    refresh: [],
    resolve: [],
    mark: [],
    own: [],
    openAfter: new Map(),
    openBefore: new Map([...known].map(([id, some]) => [id, new Set(some.keys())])),
  };
  for (const [id, some] of known) {
    const decision = decisions.get(id);
    for (const finding of some.values()) settle(result, finding, decision, active, ownerOf);
  }
  for (const [id, { key, verdict }] of decisions) {
    if (verdict === null) continue;
    for (const [controlId, evidence] of verdict.failing) {
      const control = active.get(controlId);
      if (control === undefined) continue;
      const write = findingWrite(key, control, evidence, ownerOf(key) ?? null);
      const finding = known.get(id)?.get(controlId);
      if (finding === undefined) result.open.push(write);
      else if (finding.digest !== write.digest || finding.notRechecked !== null)
        result.refresh.push({ ...write, id: finding.id });
      stays(result, id, controlId);
    }
  }
  return result;
}

function settle(
  result: Transitions,
  finding: OpenFinding,
  decision: Decision | undefined,
  active: ReadonlyMap<string, Control>,
  ownerOf: OwnerOf,
) {
  const { id, controlId } = finding;
  // A finding whose resource was neither seen nor missed: nothing is known, so nothing closes.
  if (decision === undefined) return stays(result, resourceKeyText(finding), controlId);
  // Without outcomes it is no subject of its own any more: it came under an owner, with whom it is judged.
  if (decision.after === null || decision.after.outcomes === null) {
    result.resolve.push({ id, resolution: "gone", reason: null });
    return;
  }
  if (!active.has(controlId)) {
    result.resolve.push({ id, resolution: "gone", reason: "control retired" });
    return;
  }
  const code = decision.after.outcomes[controlId] ?? (decision.verdict === null ? undefined : "n");
  if (code === "h") result.resolve.push({ id, resolution: "fixed", reason: null });
  else if (code === "n") result.resolve.push({ id, resolution: "fixed", reason: "not applicable" });
  else {
    const reason = code?.startsWith("e:") ? code.slice(2) : code === "u" ? null : "not_listed";
    // One that is judged anew is brought up to date with its evidence; what is as it was when it was judged needs only its mark taken off.
    if (reason !== finding.notRechecked && (reason !== null || decision.verdict === null))
      result.mark.push({ id, reason });
    const owner = ownerOf(finding);
    if (owner !== undefined && owner !== finding.owner) result.own.push({ id, owner });
    stays(result, resourceKeyText(finding), controlId);
  }
}

function stays(result: Transitions, resource: string, controlId: string): void {
  const set = result.openAfter.get(resource);
  if (set) set.add(controlId);
  else result.openAfter.set(resource, new Set([controlId]));
}

function findingWrite(
  key: ResourceKey,
  control: Control,
  evidence: FindingWrite["evidence"],
  owner: string | null,
): FindingWrite {
  const { apiGroup, kind, namespace, name } = key;
  const { id: controlId, scoreGroup } = control;
  const severity = SEVERITY_RANK[control.severity];
  const message = evidence[0]?.message ?? control.title;
  const digest = shortHash(JSON.stringify([message, evidence, severity, scoreGroup]));
  return { apiGroup, kind, namespace, name, controlId, scoreGroup, severity, message, evidence, owner, digest };
}

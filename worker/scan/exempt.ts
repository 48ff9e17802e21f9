import { resourceKeyText } from "@/domain/inventory/schema";
import { type ActiveExemption, ExemptionIndex, exemptionFor } from "@/domain/posture/exemption/match";
import type { ExemptionChange } from "@/domain/posture/exemption/store";
import type { Failing } from "@/domain/posture/recommendation/sole";
import type { Control } from "@/domain/posture/schema";
import type { Exemption } from "@/domain/posture/score";
import type { OpenFinding } from "@/domain/posture/store";
import type { Collected } from "./collect";
import type { Decision } from "./plan";
import type { Transitions } from "./transition";

type Held = ReadonlyMap<string, ReadonlyMap<string, { id: string; type: Exemption }>>;

/** Exemptions of open findings by resource and control, before and after a scan. */
export interface Exempted {
  before: Held;
  after: Held;
  /** Findings that stay open and have another exemption than before. */
  changes: ExemptionChange[];
}

const NONE: Exempted = { before: new Map(), after: new Map(), changes: [] };

export interface ExemptInput {
  active: readonly ActiveExemption[];
  findings: readonly OpenFinding[];
  cluster: { id: string; accountId: string };
  controls: readonly Control[];
  collected: Collected;
}

function put<T>(map: Map<string, Map<string, T>>, resource: string, controlId: string, value: T): void {
  const some = map.get(resource);
  if (some) some.set(controlId, value);
  else map.set(resource, new Map([[controlId, value]]));
}

/**
 * Which exemption holds for each finding that is open after the scan, and marks those that open. What was resolved has none
 * any more.
 */
export function exemptFindings(
  input: ExemptInput,
  decisions: ReadonlyMap<string, Decision>,
  transitions: Transitions,
): Exempted {
  const index = new ExemptionIndex(input.active, { accountId: input.cluster.accountId, clusterId: input.cluster.id });
  const before = new Map<string, Map<string, { id: string; type: Exemption }>>();
  const stored = new Map<string, Map<string, OpenFinding>>();
  for (const finding of input.findings) {
    const { exemption, exemptionId, controlId } = finding;
    if (exemption === null && index.size === 0) continue;
    const resource = resourceKeyText(finding);
    put(stored, resource, controlId, finding);
    if (exemption !== null && exemptionId !== null)
      put(before, resource, controlId, { id: exemptionId, type: exemption });
  }
  for (const write of transitions.open) {
    delete write.exemption;
    delete write.exemptionId;
  }
  if (index.size === 0 && before.size === 0) return NONE;
  const after = new Map<string, Map<string, { id: string; type: Exemption }>>();
  const changes: ExemptionChange[] = [];
  const groups = new Map(input.controls.map(({ id, scoreGroup }) => [id, scoreGroup]));
  for (const [resource, open] of transitions.openAfter) {
    for (const controlId of open) {
      const finding = stored.get(resource)?.get(controlId);
      const key = decisions.get(resource)?.key ?? finding;
      if (key === undefined) continue;
      const { apiGroup, kind, namespace, name } = key;
      const subject = {
        ...{ apiGroup, kind, namespace, name, controlId },
        scoreGroup: groups.get(controlId) ?? "",
        accountId: input.cluster.accountId,
        clusterId: input.cluster.id,
      };
      const candidates = index.candidates(subject);
      const object = input.collected.sightings.get(resource)?.judged ?? undefined;
      const held = finding?.exemptionId ?? null;
      const found = candidates.length === 0 ? null : exemptionFor(candidates, { ...subject, object }, held);
      if (found !== null) put(after, resource, controlId, { id: found.id, type: found.type });
      if (finding !== undefined && (held !== (found?.id ?? null) || finding.exemption !== (found?.type ?? null)))
        changes.push({ id: finding.id, exemption: found?.type ?? null, exemptionId: found?.id ?? null });
    }
  }
  for (const write of transitions.open) {
    const found = after.get(resourceKeyText(write))?.get(write.controlId);
    if (found === undefined) continue;
    write.exemption = found.type;
    write.exemptionId = found.id;
  }
  return { before, after, changes };
}

/** Controls with a failure that counts, by resource: open findings without those exempted. */
export function* failingOf(
  openAfter: ReadonlyMap<string, ReadonlySet<string>>,
  exempted: Held,
  decisions: ReadonlyMap<string, Decision>,
): Generator<Failing> {
  for (const [resource, open] of openAfter) {
    const some = exempted.get(resource);
    const namespace = decisions.get(resource)?.key.namespace ?? "";
    yield { open: some === undefined ? open : new Set([...open].filter((id) => !some.has(id))), namespace };
  }
}

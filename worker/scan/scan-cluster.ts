import type { Pool } from "pg";
import type { KubernetesReader } from "@/connectors/connector";
import { shortHash } from "@/domain/inventory/prune";
import {
  type Distribution,
  type Gap,
  LISTED_KINDS,
  type ManagedCluster,
  type ScanStatus,
} from "@/domain/inventory/schema";
import type { ControlStamp } from "@/domain/posture/cell";
import { controlVersion } from "@/domain/posture/engine";
import type { ControlSet } from "@/domain/posture/parameter/resolve";
import type { Control } from "@/domain/posture/schema";
import { collectGarbageSoon } from "@/lib/collect-garbage";
import { type Baseline, loadBaseline } from "./baseline";
import { type Collected, collect } from "./collect";
import { commitScan, FencedError } from "./commit";
import { HeadStart } from "./head-start";

export interface ScanInput {
  pool: Pool;
  /** Null when no access could be had: `gaps` then says why, and the scan fails. */
  reader: KubernetesReader | null;
  cluster: {
    id: string;
    accountId: string;
    distribution: Distribution;
    name: string;
    /** The cloud's facts as of this scan's discovery; null when they could not be described this time. */
    managed: ManagedCluster | null;
  };
  /** With the parameters in force for this cluster. */
  controls: readonly Control[];
  /** Those of namespaces that have parameters of their own. */
  namespaces?: ControlSet["namespaces"];
  /** The lease's fencing token; the commit is refused when "Cluster"."fence" is another one. */
  fence: bigint;
  scanId: string;
  trigger: string;
  now: Date;
  /** Gaps of discovery and access that belong to this cluster. */
  gaps: readonly Gap[];
  /** Evaluates everything, whatever is current: the daily sweep. */
  full?: boolean;
  /** How long a first scan's head start may wait for the cluster; the worker's 10 s when left out. */
  patienceMs?: number;
  /** Called after each page of the listing. */
  onPage?: (soFar: Collected) => void;
  /** Aborted when this scan is to end for a reason of our own: what it could not read then says nothing of the cluster. */
  signal?: AbortSignal;
}

export interface ScanOutcome {
  status: Extract<ScanStatus, "complete" | "partial" | "failed">;
  reasons: Gap[];
  /** Resources listed, written and gone; assessments made; findings opened and resolved. All 0 when the scan was committed before. */
  listed: number;
  changed: number;
  gone: number;
  evaluated: number;
  opened: number;
  resolved: number;
}

/** Objects of a cluster whose scan leaves tens of megabytes behind. */
const MANY = 5000;

const nothing = (gap: Gap): Collected => ({
  sightings: new Map(),
  images: new Map(),
  complete: new Set(),
  failures: new Map(LISTED_KINDS.map(({ kind }) => [kind, gap])),
  gaps: [gap],
  listed: {},
});

/** The UID of the cluster that answers when it is another one than is known by this name; null when it is not, or either is unknown. */
const strangerAt = ({ uid }: Baseline, seen: Collected): string | null =>
  seen.uid === undefined || uid === null || uid === seen.uid ? null : seen.uid;

/** What the cluster's API shows; nothing when another cluster answers at its address. */
async function see(input: ScanInput, baseline: Baseline, headStart: HeadStart | undefined): Promise<Collected> {
  if (input.reader === null) {
    const what = "kubernetes";
    const [gap = { code: "unreachable", what, message: "No access to the cluster. Test the account's connection." }] =
      input.gaps;
    return { ...nothing(gap), gaps: input.gaps.length > 0 ? [] : [gap] };
  }
  const collected = await collect(input.reader, baseline.resources, (soFar) => {
    if (strangerAt(baseline, soFar) === null) headStart?.see(soFar);
    input.onPage?.(soFar);
  });
  const stranger = strangerAt(baseline, collected);
  if (stranger === null) return collected;
  return nothing({
    code: "malformed",
    what: "kube-system",
    message: `Another cluster (${stranger.slice(0, 64)}) answers at the address of ${input.cluster.name}. Check its endpoint.`,
  });
}

/** A control's version, which is another one too when only a namespace's parameters changed. */
function versionOf(control: Control, namespaces: ControlSet["namespaces"]): string {
  const own = controlVersion(control);
  const others = [...namespaces].flatMap(([name, controls]) => {
    const there = controls.find(({ id }) => id === control.id);
    return there === undefined || controlVersion(there) === own ? [] : [[name, controlVersion(there)]];
  });
  return others.length === 0 ? own : shortHash(JSON.stringify([own, others]));
}

const stampOf = (controls: readonly Control[], namespaces: ControlSet["namespaces"]): ControlStamp =>
  Object.fromEntries(
    controls
      .filter(({ maturity }) => maturity !== "deprecated")
      .map((control) => [control.id, `${versionOf(control, namespaces)}|${control.scoreGroup}|${control.maturity}`]),
  );

/**
 * Scans one cluster once: list, derive, evaluate what changed, commit in one transaction. A cluster that can't be read gives
 * a `failed` outcome, not an error. Errors: FencedError when another scan holds the cluster; faults of the database; what aborted
 * `signal`, and nothing is written then.
 */
export async function scanCluster(input: ScanInput): Promise<ScanOutcome> {
  const { pool, cluster, scanId, now } = input;
  const clock = performance.now();
  const baseline = await loadBaseline(pool, cluster, scanId);
  if (baseline === undefined) throw new FencedError(`The cluster ${cluster.name} was removed before it was scanned.`);
  const counts = { listed: 0, changed: 0, gone: 0, evaluated: 0, opened: 0, resolved: 0 };
  if (baseline.finished !== null) return { status: baseline.finished as ScanOutcome["status"], reasons: [], ...counts };
  const load = Math.round(performance.now() - clock);
  const headStart = baseline.resources.size === 0 ? new HeadStart(pool, cluster.id, now, input.patienceMs) : undefined;
  try {
    return await lookAndCommit(input, baseline, load, headStart);
  } finally {
    await headStart?.giveUp();
  }
}

async function lookAndCommit(
  input: ScanInput,
  baseline: Baseline,
  load: number,
  headStart: HeadStart | undefined,
): Promise<ScanOutcome> {
  const { pool, cluster, controls, namespaces = new Map(), scanId, now } = input;
  const clock = performance.now();
  const collected = await see(input, baseline, headStart);
  input.signal?.throwIfAborted();

  const reasons = [...input.gaps, ...collected.gaps];
  const status =
    collected.complete.size === 0
      ? "failed"
      : collected.failures.size > 0 || reasons.length > 0
        ? "partial"
        : "complete";
  const { plan, transitions } = await commitScan(
    pool,
    {
      cluster,
      clusterName: cluster.name,
      scanId,
      trigger: input.trigger,
      fence: input.fence,
      startedAt: now,
      status,
      reasons,
      ms: { load, list: Math.round(performance.now() - clock) },
      baseline,
      planned: {
        stored: baseline.resources,
        collected,
        controls,
        namespaces,
        clusterName: cluster.name,
        managed: cluster.managed,
        distribution: cluster.distribution,
        now,
        full: input.full ?? false,
      },
      stamp: stampOf(controls, namespaces),
    },
    headStart,
  );
  if (collected.sightings.size > MANY) collectGarbageSoon();
  return {
    status,
    reasons,
    listed: collected.sightings.size,
    changed: plan.changed,
    gone: plan.gone.length,
    evaluated: plan.evaluated,
    opened: transitions.open.length,
    resolved: transitions.resolve.length,
  };
}

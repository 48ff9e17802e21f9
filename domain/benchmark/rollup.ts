import { toldRatio, toldScore } from "@/lib/hundredths";
import {
  type Attested,
  type Benchmark,
  decidedBy,
  REQUIREMENT_STATES,
  type Requirement,
  type RequirementState,
} from "./schema";

/** What a control says of one cluster as a whole. */
export type ControlState = Exclude<RequirementState, "manual">;

/** A cluster as the roll-up sees it. */
export interface ClusterEvidence {
  id: string;
  accountId: string;
  distribution: string;
  stateOf: (controlId: string) => ControlState;
}

/** A requirement on one cluster. `attested`: a person said so. */
export interface Verdict {
  state: RequirementState;
  attested: boolean;
}

const ATTESTED_STATE: Readonly<Record<Attested, RequirementState>> = {
  met: "passed",
  not_met: "failed",
  not_applicable: "not_applicable",
};

/** What several controls say together: any failure fails; what could not be seen is never a pass; none that applies is no pass either. */
export function combined<T>(controls: readonly T[], stateOf: (control: T) => ControlState): ControlState {
  let [unknown, exempted, passed] = [false, false, false];
  for (const control of controls) {
    const state = stateOf(control);
    if (state === "failed") return "failed";
    if (state === "not_evaluated") unknown = true;
    if (state === "exempted") exempted = true;
    if (state === "passed") passed = true;
  }
  if (unknown) return "not_evaluated";
  return exempted ? "exempted" : passed ? "passed" : "not_applicable";
}

/**
 * A requirement on a cluster. What controls see cannot be talked away: an attestation speaks only for what is left to people, or, where
 * the benchmark says so, for what controls were kept from seeing; never against one that fails.
 */
export function verdictOn(
  requirement: Pick<Requirement, "controls" | "manual">,
  stateOf: (controlId: string) => ControlState,
  attested: Attested | null,
): Verdict {
  const seen = combined(requirement.controls ?? [], stateOf);
  const by = decidedBy(requirement);
  const speaks = requirement.manual?.instead === true || requirement.manual?.unseen === true;
  const settled =
    by === "controls" ||
    seen === "failed" ||
    (seen === "not_evaluated" ? attested === null || !speaks : by === "controls-or-person");
  if (settled) return { state: seen, attested: false };
  if (attested === null) return { state: "manual", attested: false };
  // Who attests the rest does not make what fails under an exemption hold.
  return { state: attested !== "not_met" && seen === "exempted" ? seen : ATTESTED_STATE[attested], attested: true };
}

/** Verdicts counted. */
export type Tally = Record<RequirementState | "attested", number>;
export const emptyTally = (): Tally => ({
  failed: 0,
  not_evaluated: 0,
  manual: 0,
  exempted: 0,
  passed: 0,
  not_applicable: 0,
  attested: 0,
});
export function addVerdict(tally: Tally, { state, attested }: Verdict): void {
  tally[state]++;
  if (attested) tally.attested++;
}
export function addTally(sum: Tally, part: Tally): void {
  for (const state of REQUIREMENT_STATES) sum[state] += part[state];
  sum.attested += part.attested;
}

/** The state of a requirement over many clusters: the worst; not applicable only where it applies to none. */
export const overall = (tally: Tally): RequirementState =>
  REQUIREMENT_STATES.find((state) => tally[state] > 0) ?? "not_applicable";

/** Passed, with exemptions or not, of what was decided, 0–100; null when nothing was. */
export function complianceScore({ passed, exempted, failed }: Pick<Tally, "passed" | "exempted" | "failed">) {
  const met = passed + exempted;
  return met + failed === 0 ? null : toldScore((met / (met + failed)) * 100);
}

/** Decided of what applies, 0–1; null when nothing applies. What nobody looked at counts as missing, whoever should have. */
export function complianceCoverage(tally: Tally): number | null {
  const decided = tally.passed + tally.exempted + tally.failed;
  const all = decided + tally.not_evaluated + tally.manual;
  return all === 0 ? null : toldRatio(decided / all);
}

/** Whether a benchmark is meant for a cluster. */
export const concerns = ({ distributions }: Pick<Benchmark, "distributions">, distribution: string): boolean =>
  distributions === undefined || distributions.some((each) => each === distribution);

/** Finds what a person said of a requirement on a cluster: the nearest place speaks, and there the newest. */
export type Attestations = (
  benchmarkId: string,
  requirementId: string,
  cluster: Pick<ClusterEvidence, "id" | "accountId">,
) => Attested | null;

/** Every requirement of a benchmark over the clusters that it is meant for, in the benchmark's order. */
export function rollUp(
  benchmark: Benchmark,
  clusters: readonly ClusterEvidence[],
  attestations: Attestations,
): { clusters: number; byRequirement: Map<string, Tally>; total: Tally } {
  const meant = clusters.filter(({ distribution }) => concerns(benchmark, distribution));
  const rows = benchmark.sections.flatMap(({ requirements }) =>
    requirements.map((requirement) => ({ requirement, tally: emptyTally() })),
  );
  // Cluster by cluster: what is known of one lies together, and a fleet has a thousand of them.
  for (const cluster of meant)
    for (const { requirement, tally } of rows)
      addVerdict(tally, verdictOn(requirement, cluster.stateOf, attestations(benchmark.id, requirement.id, cluster)));
  const total = emptyTally();
  for (const { tally } of rows) addTally(total, tally);
  return {
    clusters: meant.length,
    byRequirement: new Map(rows.map(({ requirement, tally }) => [requirement.id, tally])),
    total,
  };
}

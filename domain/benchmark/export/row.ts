import { type Control, type Evidence, SEVERITIES, type Severity } from "@/domain/posture/schema";
import type { Attested, Requirement, RequirementState, Section } from "../schema";

/** One line of an auditor's file: a requirement on a cluster, or one assessment that it was made from. */
export interface AuditRow {
  benchmark: string;
  version: string;
  section: string;
  requirement: string;
  title: string;
  /** Of the requirement on this cluster. */
  state: RequirementState;
  control: string;
  severity: Severity | "";
  account: string;
  cluster: string;
  namespace: string;
  kind: string;
  resource: string;
  /** Of the assessment: healthy, unhealthy, not_evaluated. Of a requirement: its state, with who said so. */
  outcome: string;
  evidence: string;
  remediation: string;
  owner: string;
  /** How the finding is exempted: mitigated, waiver, or empty. */
  exemption: string;
  firstSeen: string;
  lastSeen: string;
  collectedAt: string;
  record: "requirement" | "assessment";
  provider: string;
  accountId: string;
  distribution: string;
  clusterId: string;
  /** Whether the states of this file are with exemptions, or as if there were none. */
  exemptions: "with" | "without";
  /** The publisher's profile level, 1 or 2; empty where it is not known. */
  level: string;
  /** What a person said of the requirement: met, not_met, not_applicable; who, until when, and the ticket or document that was named. */
  attested: Attested | "";
  attestedBy: string;
  attestedUntil: string;
  attestedLink: string;
  /** Of an exempted finding: which exemption holds for it, why, who asked, who approved and until when; no day for one without an end. */
  exemptionId: string;
  exemptionReason: string;
  exemptionEvidence: string;
  exemptionRequestedBy: string;
  exemptionApprovedBy: string;
  exemptionUntil: string;
}

/** What a person said of a requirement. */
export interface Said {
  state: Attested;
  evidence: string;
  link: string | null;
  by: string;
  until: Date;
}

/** An assessment as the database gives it. */
export interface AssessmentRecord {
  /** Place of the requirement and of the cluster in their orders, from 1. */
  requirementAt: number;
  clusterAt: number;
  controlId: string;
  namespace: string;
  kind: string;
  name: string;
  /** `h`, `u`, `e:<reason>`. */
  code: string;
  open: boolean;
  message: string | null;
  evidence: Evidence[] | null;
  owner: string | null;
  notRechecked: string | null;
  exemption: string | null;
  firstSeenAt: Date | null;
  lastSeenAt: Date | null;
  exemptionId: string | null;
  exemptionReason: string | null;
  exemptionEvidence: string | null;
  exemptionRequestedBy: string | null;
  exemptionApprovedBy: string | null;
  exemptionUntil: Date | null;
}

/** What a file is of. */
export interface Subject {
  id: string;
  version: string;
  exemptions: "with" | "without";
}

/** A requirement on a cluster, with what is the same for all of its lines. */
export interface Pair {
  section: Section;
  requirement: Requirement;
  state: RequirementState;
  said: Said | null;
  cluster: {
    id: string;
    name: string;
    distribution: string;
    accountName: string;
    externalId: string;
    provider: string;
    lastScanAt: Date | null;
  };
}

const iso = (at: Date | null): string => at?.toISOString() ?? "";
const severityOf = (control: Control | undefined): Severity | "" =>
  SEVERITIES.find((each) => each === control?.severity) ?? "";

/** Steps of a control for a distribution. */
function stepsFor(control: Control | undefined, distribution: string): string {
  const steps = control?.remediation.steps;
  if (steps === undefined || typeof steps === "string") return steps?.trim() ?? "";
  const own = Object.entries(steps).find(([name]) => name === distribution)?.[1];
  return (own ?? steps.default ?? "").trim();
}

const NOTHING_SAID = {
  ...{ attested: "" as const, attestedBy: "", attestedUntil: "", attestedLink: "" },
  ...{ exemptionId: "", exemptionReason: "", exemptionEvidence: "" },
  ...{ exemptionRequestedBy: "", exemptionApprovedBy: "", exemptionUntil: "" },
};

function shared(benchmark: Subject, { section, requirement, state, cluster }: Pair) {
  return {
    benchmark: benchmark.id,
    version: benchmark.version,
    section: `${section.id} ${section.title}`,
    requirement: requirement.id,
    title: requirement.title,
    state,
    account: cluster.accountName,
    cluster: cluster.name,
    exemption: "",
    collectedAt: iso(cluster.lastScanAt),
    provider: cluster.provider,
    accountId: cluster.externalId,
    distribution: cluster.distribution,
    clusterId: cluster.id,
    exemptions: benchmark.exemptions,
    level: requirement.level === undefined ? "" : String(requirement.level),
    ...NOTHING_SAID,
  };
}

/** The line of a requirement on a cluster, which every such pair has. */
export function requirementRow(benchmark: Subject, pair: Pair): AuditRow {
  const { said, requirement, state } = pair;
  // Why controls cannot see it all says something only of what is still open; of what they found, the lines behind are the evidence.
  const open = state === "manual" || state === "not_evaluated";
  const evidence =
    said === null
      ? ((open ? requirement.manual?.why : undefined) ?? "")
      : `${said.evidence} (${said.by}, until ${said.until.toISOString().slice(0, 10)})`;
  return {
    ...shared(benchmark, pair),
    ...{ control: "", severity: "", namespace: "", kind: "", resource: "" },
    outcome: said === null ? state : `${state}, attested ${said.state}`,
    evidence,
    remediation: (open || said !== null ? requirement.manual?.look : undefined) ?? "",
    ...{ owner: "", firstSeen: "", lastSeen: "" },
    record: "requirement",
    ...(said === null
      ? {}
      : {
          ...{ attested: said.state, attestedBy: said.by, attestedLink: said.link ?? "" },
          attestedUntil: iso(said.until),
        }),
  };
}

/** The line of one assessment. An open finding that could not be re-checked is still unhealthy. */
export function assessmentRow(
  benchmark: Subject,
  pair: Pair,
  record: AssessmentRecord,
  control: Control | undefined,
): AuditRow {
  const unhealthy = record.open || record.code === "u";
  const reason = record.code.startsWith("e:") ? record.code.slice(2) : (record.notRechecked ?? "");
  const found = (record.evidence ?? []).map(({ path, message }) => `${path}: ${message}`);
  if (found.length === 0 && record.message !== null) found.push(record.message);
  if (reason !== "") found.push(unhealthy ? `not re-checked: ${reason}` : `not evaluated: ${reason}`);
  return {
    ...shared(benchmark, pair),
    control: record.controlId,
    severity: severityOf(control),
    namespace: record.namespace,
    kind: record.kind,
    resource: record.name,
    outcome: unhealthy ? "unhealthy" : record.code === "h" ? "healthy" : "not_evaluated",
    evidence: found.join("\n"),
    remediation: unhealthy ? stepsFor(control, pair.cluster.distribution) : "",
    owner: record.owner ?? "",
    exemption: record.exemption ?? "",
    firstSeen: iso(record.firstSeenAt),
    lastSeen: iso(record.lastSeenAt),
    record: "assessment",
    exemptionId: record.exemptionId ?? "",
    exemptionReason: record.exemptionReason ?? "",
    exemptionEvidence: record.exemptionEvidence ?? "",
    exemptionRequestedBy: record.exemptionRequestedBy ?? "",
    exemptionApprovedBy: record.exemptionApprovedBy ?? "",
    exemptionUntil: iso(record.exemptionUntil),
  };
}

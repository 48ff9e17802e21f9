import { z } from "zod";
import type { Distribution, Provider } from "@/domain/inventory/schema";
import { type Control, SCORE_GROUP_IDS, SEVERITIES, type Severity } from "../schema";
import { evidenceSchema, type FindingItem } from "./schema";

/** A finding as SQL gives it, with what its cluster and account are called. */
export interface FindingRecord {
  id: string;
  controlId: string;
  scoreGroup: string;
  severity: number;
  apiGroup: string;
  kind: string;
  namespace: string;
  name: string;
  owner: string | null;
  exemptionId: string | null;
  exemption: string | null;
  exemptionReason: string | null;
  exemptionExpiresAt: Date | null;
  state: string;
  message: string;
  evidence: unknown;
  firstSeenAt: Date;
  lastSeenAt: Date;
  resolvedAt: Date | null;
  resolution: string | null;
  reopened: number;
  notRechecked: string | null;
  clusterId: string;
  clusterName: string;
  distribution: Distribution;
  accountId: string;
  accountName: string;
  provider: Provider;
  externalId: string;
}

/**
 * When a finding was last seen, over "Finding" f and "Cluster" c: by the newest scan that could look, although a scan writes only what
 * changed. A scan that cannot check it again, or sees it resolved, writes when the one before it saw it.
 */
export const LAST_SEEN = `CASE WHEN f.state = 'open' AND f."notRechecked" IS NULL
  THEN GREATEST(f."lastSeenAt", CASE WHEN c."lastScanStatus" = 'failed' THEN c."lastCompleteAt" ELSE c."lastScanAt" END)
  ELSE f."lastSeenAt" END`;

/** Over "Finding" f, "Cluster" c, "Account" a. */
export const FINDING_COLUMNS = `f.id, f."controlId", f."scoreGroup", f.severity, f."apiGroup", f.kind, f.namespace, f.name, f.owner, f.state, f."exemptionId", f.exemption, x.reason AS "exemptionReason", x."expiresAt" AS "exemptionExpiresAt",
  f.message, f.evidence, f."firstSeenAt", ${LAST_SEEN} AS "lastSeenAt", f."resolvedAt", f.resolution, f.reopened, f."notRechecked", f."clusterId",
  c.name AS "clusterName", c.distribution, f."accountId", a.name AS "accountName", a.provider, a."externalId"`;
export const FINDING_TABLES = `"Finding" f JOIN "Cluster" c ON c.id = f."clusterId" JOIN "Account" a ON a.id = f."accountId" LEFT JOIN "Exemption" x ON x.id = f."exemptionId"`;

const evidenceList = z.array(evidenceSchema).catch([]);
const groupSchema = z.enum(SCORE_GROUP_IDS).catch("best-practices");

/** Severity of a stored rank: 3 critical … 0 low. */
export const severityOf = (rank: number): Severity => SEVERITIES[3 - rank] ?? "low";

function exemptionOf(row: FindingRecord): FindingItem["exemption"] {
  if (row.state !== "open" || row.exemptionId === null) return null;
  return {
    id: row.exemptionId,
    type: row.exemption === "mitigated" ? "mitigated" : "waiver",
    reason: row.exemptionReason ?? "",
    expiresAt: row.exemptionExpiresAt?.toISOString() ?? null,
  };
}

/** The row as API, pages and exports show it. */
export function findingOf(row: FindingRecord, controls: ReadonlyMap<string, Control>): FindingItem {
  return {
    id: row.id,
    control: { id: row.controlId, title: controls.get(row.controlId)?.title ?? row.controlId },
    group: groupSchema.parse(row.scoreGroup),
    severity: severityOf(row.severity),
    state: row.state === "resolved" ? "resolved" : "open",
    notRechecked: row.notRechecked,
    kind: row.kind,
    apiGroup: row.apiGroup,
    namespace: row.namespace,
    name: row.name,
    owner: row.owner,
    exemption: exemptionOf(row),
    message: row.message,
    evidence: evidenceList.parse(row.evidence),
    firstSeenAt: row.firstSeenAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    resolution: row.resolution,
    reopened: row.reopened,
    cluster: { id: row.clusterId, name: row.clusterName, distribution: row.distribution },
    account: { id: row.accountId, name: row.accountName, provider: row.provider, externalId: row.externalId },
  };
}

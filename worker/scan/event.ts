import type { ScoreMove } from "@/domain/posture/point-store";
import { SEVERITY_RANK } from "@/domain/posture/schema";
import type { OutboxEvent } from "@/lib/events";
import type { ScanResult } from "./commit";
import { MANAGED_KIND } from "./plan";

/** Findings that an event names; it says how many more there are. */
const NAMED = 10;

/**
 * What a scan has to tell: findings of high severity that opened (one event per control), a fallen account score, a scan
 * that became partial or failed, and a cluster seen for the first time.
 */
export function scanEvents(result: ScanResult, moves: { account: ScoreMove; fleet: ScoreMove }): OutboxEvent[] {
  const about = { accountId: result.accountId, clusterId: result.clusterId };
  const events: OutboxEvent[] = [];
  const event = (kind: string, payload: Record<string, unknown>) =>
    events.push({ kind, ...about, payload: { scanId: result.scanId, cluster: result.clusterName, ...payload } });

  const known = [...result.baseline.resources.values()].some(({ kind }) => kind !== MANAGED_KIND);
  if (!known && result.status !== "failed") event("cluster.new", {});
  const byControl = new Map<string, typeof result.transitions.open>();
  for (const finding of result.transitions.open) {
    if (finding.severity < SEVERITY_RANK.high) continue;
    const some = byControl.get(finding.controlId);
    if (some) some.push(finding);
    else byControl.set(finding.controlId, [finding]);
  }
  for (const [controlId, findings] of byControl) {
    const resources = findings.slice(0, NAMED).map(({ kind, namespace, name }) => ({ kind, namespace, name }));
    event("finding.opened", { controlId, severity: findings[0]?.severity, count: findings.length, resources });
  }
  const { before, after } = moves.account;
  if (before !== null && (after ?? 0) < before) event("score.fell", { scope: "account", before, after });
  if (result.status !== "complete" && result.status !== result.baseline.lastScanStatus) {
    event(`scan.${result.status}`, { reasons: result.reasons.slice(0, NAMED) });
  }
  return events;
}

import type { ScoreMove } from "@/domain/posture/point/store";
import type { OutboxEvent } from "@/lib/events";
import type { ScanResult } from "./commit";
import { openedPayloads } from "./opened-event";

/** Reasons that an event names. */
const NAMED = 10;

/**
 * What a scan has to tell: findings that opened (one event per severity), a fallen account score, and a scan that became partial or
 * failed. New clusters are told by the discovery that finds them.
 */
export function scanEvents(result: ScanResult, moves: { account: ScoreMove; fleet: ScoreMove }): OutboxEvent[] {
  const about = { accountId: result.accountId, clusterId: result.clusterId };
  const events: OutboxEvent[] = [];
  const event = (kind: string, payload: Record<string, unknown>) =>
    events.push({ kind, ...about, payload: { scanId: result.scanId, cluster: result.clusterName, ...payload } });

  for (const payload of openedPayloads(result.transitions.open, result.planned.controls)) {
    event("finding.opened", payload);
  }
  const { before, ...now } = moves.account;
  if (before !== null && (now.after ?? 0) < before) event("score.fell", { scope: "account", before, ...now });
  if (result.status !== "complete" && result.status !== result.baseline.lastScanStatus) {
    event(`scan.${result.status}`, { reasons: result.reasons.slice(0, NAMED) });
  }
  return events;
}

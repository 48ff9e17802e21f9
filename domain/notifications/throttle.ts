import { nextDigest, quietUntil, type Rhythm } from "./quiet";
import { slower } from "./route";
import type { HoldReason, Pace, Policy, SeverityRank } from "./schema";
import { severityWord } from "./schema";

/** The span in which mails of one address and severity are counted. */
export const WINDOW_MS = 24 * 3_600_000;

export interface Stance extends Rhythm {
  criticalAtOnce: boolean;
}

/** Notices that make up one mail: what one scan or one account has to tell. */
export interface Bundle<T> {
  severity: SeverityRank;
  /** That of the routes that chose it. */
  pace: Pace;
  notices: T[];
}

export type Decision<T> = Bundle<T> & ({ send: true } | { send: false; until: Date; reason: HoldReason });

/** What goes into one mail: all of a cluster; new clusters of an account together; else what the account has. */
export function bundleKey(of: { kind: string; accountId: string | null; clusterId: string | null }): string {
  if (of.kind === "cluster.new") return `new:${of.accountId}`;
  return of.clusterId === null ? `account:${of.accountId}` : `cluster:${of.clusterId}`;
}

/** Puts notices of one pace together, worst bundle first. */
export function bundle<
  T extends { kind: string; accountId: string | null; clusterId: string | null; severity: SeverityRank; pace: Pace },
>(notices: readonly T[]): Bundle<T>[] {
  const bundles = new Map<string, Bundle<T>>();
  for (const notice of notices) {
    const { severity, pace } = notice;
    const key = `${pace} ${bundleKey(notice)}`;
    const known = bundles.get(key);
    if (known === undefined) bundles.set(key, { severity, pace, notices: [notice] });
    else {
      known.notices.push(notice);
      if (severity > known.severity) known.severity = severity;
    }
  }
  return [...bundles.values()].sort((a, b) => b.severity - a.severity);
}

/**
 * Decides for one recipient which mails leave now. `sent` counts the mails of the last 24 hours by severity, 0 low … 3 critical. What does
 * not leave is held with the reason and the time at which it leaves in a digest; nothing is lost.
 */
export function decide<T>(
  bundles: readonly Bundle<T>[],
  stance: Stance,
  sent: readonly number[],
  policy: Policy,
  now: Date,
): Decision<T>[] {
  const counts = [0, 1, 2, 3].map((rank) => sent[rank] ?? 0);
  const quiet = quietUntil(now, stance);
  return bundles.map((one) => {
    const urgent = one.severity === 3 && stance.criticalAtOnce;
    const rhythm = { ...stance, pace: slower(one.pace, stance.pace) };
    if (!urgent && rhythm.pace !== "now")
      return { ...one, send: false, until: nextDigest(now, rhythm), reason: "digest" };
    if (!urgent && quiet !== null) return { ...one, send: false, until: quiet, reason: "quiet" };
    const already = counts[one.severity] ?? 0;
    if (already >= policy[severityWord(one.severity)]) {
      return { ...one, send: false, until: nextDigest(now, rhythm), reason: "throttle" };
    }
    counts[one.severity] = already + 1;
    return { ...one, send: true };
  });
}

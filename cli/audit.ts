import type { Head, Verdict } from "@/domain/access/audit-log/chain";
import { withDatabase } from "./database";

const noted = ({ seq, hash }: Head): string => `${seq}:${hash.toString("hex")}`;

function sentence(verdict: Verdict): string {
  if (verdict.whole) {
    const entries = `${verdict.entries} ${verdict.entries === 1n ? "entry" : "entries"}`;
    return `The audit log is whole: ${entries}. Note its head elsewhere, for --expect: ${noted(verdict.head)}\n`;
  }
  const which = verdict.seq === null ? `Entry ${verdict.id}` : `Entry ${verdict.seq}`;
  const id = verdict.id === null || verdict.seq === null ? "" : ` (${verdict.id})`;
  return `The audit log is broken. ${which}${id} ${verdict.reason}.\n`;
}

const json = (verdict: Verdict): string =>
  `${JSON.stringify({
    schema: "seawall.audit-verify/1",
    ...(verdict.whole
      ? { whole: true, entries: Number(verdict.entries), head: noted(verdict.head) }
      : {
          whole: false,
          seq: verdict.seq === null ? null : Number(verdict.seq),
          id: verdict.id,
          reason: verdict.reason,
        }),
  })}\n`;

/** `seawall audit verify`: the report, and 0 for a whole log or 1 for a broken one. */
export async function auditVerify(
  expect: Head | undefined,
  format: "text" | "json",
): Promise<{ text: string; code: 0 | 1 }> {
  // Loaded here: the other commands need neither a database nor its client.
  const { verifyAudit } = await import("@/domain/access/audit-log/store");
  const verdict = await withDatabase((pool) => verifyAudit(pool, expect));
  return { text: format === "json" ? json(verdict) : sentence(verdict), code: verdict.whole ? 0 : 1 };
}

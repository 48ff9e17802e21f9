import pg from "pg";
import type { Head, Verdict } from "@/domain/access/audit-log/chain";
import { databaseUrl } from "./audit-database";
import { UsageError } from "./usage-error";

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
  const pool = new pg.Pool({ connectionString: databaseUrl(), max: 1 }).on("error", () => {
    // The server went while the connection was idle or ending. A query that needs it rejects and is told.
  });
  try {
    const client = await pool.connect().catch((cause: Error) => {
      throw new UsageError(`the database cannot be reached: ${cause.message}`, { cause });
    });
    client.release();
    const verdict = await verifyAudit(pool, expect);
    return { text: format === "json" ? json(verdict) : sentence(verdict), code: verdict.whole ? 0 : 1 };
  } finally {
    await pool.end();
  }
}

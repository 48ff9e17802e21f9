import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { checksOf, TEST_STATES } from "../queries";
import type { DraftTest } from "./schema";

export interface EditableAccount {
  /** What is edited: an edit of an older version is refused. */
  version: string;
  settings: Record<string, unknown>;
  /** Names of the credentials that are stored; never the credentials. */
  stored: string[];
}

/** What the edit form begins with; null when there is no such account or it lies outside the scope. */
export async function readEditable(scope: AccountScope, id: string): Promise<EditableAccount | null> {
  const { rows } = await pool().query<EditableAccount>(
    `SELECT "updatedAt"::text AS version, settings, ARRAY(SELECT field FROM "Secret" WHERE "accountId" = a.id ORDER BY field) AS stored FROM "Account" a
     WHERE a.id = $2 AND a."removedAt" IS NULL AND ($1::uuid[] IS NULL OR a.id = ANY($1))`,
    [scope.accountIds, id],
  );
  return rows[0] ?? null;
}

/** The test of an edit of an account that was handed in; `gone` when the account has no such draft, or lies outside the scope. */
export async function readDraftTest(scope: AccountScope, accountId: string, draftId: string): Promise<DraftTest> {
  const { rows } = await pool().query<{ state: string | null; output: unknown }>(
    `SELECT j.state, j.output FROM "AccountDraft" d LEFT JOIN LATERAL (
       SELECT state::text, output FROM jobs.job WHERE name = 'test-connection' AND singleton_key = d.id::text ORDER BY created_on DESC LIMIT 1) j ON true
     WHERE d.id = $3 AND d."accountId" = $2 AND ($1::uuid[] IS NULL OR d."accountId" = ANY($1))`,
    [scope.accountIds, accountId, draftId],
  );
  const [row] = rows;
  if (row === undefined) return { state: "gone", checks: [] };
  return { state: TEST_STATES[row.state ?? ""] ?? "none", ...checksOf(row.output) };
}

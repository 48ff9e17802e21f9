import type { SqlRunner } from "@/lib/jobs";
import type { StoredAccount } from "../store";
import { DRAFT_HOURS } from "./schema";

/**
 * An account as a draft would make it: the draft's settings, its credentials over the stored ones, less those it destroys. Null when the
 * draft is gone, or the account was changed since: a credential that was stored later is not for the address of an earlier draft.
 */
export async function readDrafted(tx: SqlRunner, draftId: string): Promise<StoredAccount | null> {
  const { rows } = await tx.query(
    `SELECT a."id", a."provider", d."name", a."externalId", d."settings", d."intervalMinutes",
       d."sealed" || coalesce((SELECT jsonb_agg(jsonb_build_object('field', s."field", 'kid', s."kid", 'sealed', s."sealed")) FROM "Secret" s
         WHERE s."accountId" = a."id" AND NOT s."field" = ANY(d."forget")
           AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(d."sealed") e WHERE e ->> 'field' = s."field")), '[]'::jsonb) AS sealed
     FROM "AccountDraft" d JOIN "Account" a ON a."id" = d."accountId" WHERE d."id" = $1 AND d."basis" = a."updatedAt" AND a."removedAt" IS NULL`,
    [draftId],
  );
  return (rows[0] as StoredAccount | undefined) ?? null; // the columns selected above
}

/** Deletes drafts that nobody saved in time, with the credentials that were entered for them. */
export async function dropOldDrafts(tx: SqlRunner): Promise<void> {
  await tx.query(`DELETE FROM "AccountDraft" WHERE "createdAt" < now() - make_interval(hours => $1)`, [DRAFT_HOURS]);
}

import { uuidv7 } from "@/lib/id";
import type { SqlRunner } from "@/lib/jobs";
import type { AccountScope } from "./scope";

export interface AuditInput {
  /** `room.what-happened` */
  action: string;
  target: string;
  accountId?: string;
  /** Never a secret. */
  detail?: Record<string, unknown>;
}

/** Writes the product's audit row; call it in the transaction of the change that it tells of. */
export async function appendAudit(tx: SqlRunner, scope: AccountScope, entry: AuditInput): Promise<void> {
  await tx.query(
    `INSERT INTO "AuditEntry" (id, "actorId", actor, action, target, "accountId", detail) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      uuidv7(),
      scope.userId,
      scope.actor,
      entry.action,
      entry.target.slice(0, 400),
      entry.accountId ?? null,
      JSON.stringify(entry.detail ?? {}),
    ],
  );
}

import { uuidv7 } from "@/lib/id";
import type { SqlRunner } from "@/lib/jobs";
import type { AuditRecord } from "./audit-log/canonical";
import { keepable, redacted } from "./audit-log/redact";
import { insertEntry } from "./audit-log/store";
import type { AccountScope } from "./scope";

export interface AuditInput {
  /** `room.what-happened` */
  action: string;
  target: string;
  accountId?: string;
  /** What was changed, as it was and as it is; only the changed fields. Never a secret. */
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
  /** Anything else worth knowing. Never a secret. */
  detail?: Record<string, unknown>;
}

/**
 * Writes the product's audit row; call it in the transaction of the change that it tells of. The row takes its place in the
 * hash chain when that transaction commits.
 */
export async function appendAudit(tx: SqlRunner, scope: AccountScope, entry: AuditInput): Promise<void> {
  const record: AuditRecord = {
    id: uuidv7(),
    // PostgreSQL keeps microseconds; an entry's digest covers all it keeps.
    at: new Date().toISOString().replace("Z", "000Z"),
    actorId: scope.userId,
    actor: keepable(scope.actor, 300),
    tokenId: scope.tokenId,
    action: entry.action,
    target: keepable(entry.target, 400),
    // As PostgreSQL tells it, whoever gave it.
    accountId: entry.accountId?.toLowerCase() ?? null,
    address: scope.origin.address,
    userAgent: scope.origin.userAgent,
    before: entry.before === undefined ? null : redacted(entry.before),
    after: entry.after === undefined ? null : redacted(entry.after),
    detail: redacted(entry.detail ?? {}),
  };
  await insertEntry(tx, record);
}

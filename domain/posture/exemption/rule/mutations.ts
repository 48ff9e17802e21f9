import "server-only";
import type { PoolClient } from "pg";
import { appendAudit } from "@/domain/access/audit";
import { type AccountScope, requireRole } from "@/domain/access/scope";
import { inTransaction, pool } from "@/lib/db";
import { DEFAULT_RULE, type ExemptionRule } from "../schema";

/** The rule in force, as a transaction sees it. */
export async function ruleIn(tx: PoolClient): Promise<ExemptionRule> {
  const { rows } = await tx.query<ExemptionRule>(`SELECT "approval", "longestDays" FROM "ExemptionRule" WHERE id = 1`);
  return rows[0] ?? DEFAULT_RULE;
}

/** Sets the organisation's rule. Throws ForbiddenError. */
export async function setExemptionRule(scope: AccountScope, rule: ExemptionRule): Promise<void> {
  requireRole(scope, "Owner");
  await inTransaction(pool(), async (tx) => {
    const before = await ruleIn(tx);
    if (before.approval === rule.approval && before.longestDays === rule.longestDays) return;
    await tx.query(
      `INSERT INTO "ExemptionRule" ("id", "approval", "longestDays") VALUES (1, $1, $2)
       ON CONFLICT ("id") DO UPDATE SET "approval" = excluded."approval", "longestDays" = excluded."longestDays"`,
      [rule.approval, rule.longestDays],
    );
    await appendAudit(tx, scope, {
      action: "posture.exemption-rule",
      target: "exemptions",
      before: { ...before },
      after: rule,
    });
  });
}

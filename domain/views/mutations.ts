import "server-only";
import { appendAudit } from "@/domain/access/audit";
import type { AccountScope } from "@/domain/access/scope";
import { inTransaction, pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import type { ViewInput } from "./schema";

/** Most views that one person keeps of one list. */
const MOST = 30;

/** A view could not be kept. Transports show the message. */
export class ViewError extends Error {
  override name = "ViewError";
  readonly code = "view";
}

/** Keeps a view for the scope's person; the same name again replaces what it shows. Throws ViewError when there are too many. */
export async function keepView(scope: AccountScope, view: ViewInput): Promise<void> {
  if (scope.userId === null) throw new ViewError("Only people keep views.");
  await inTransaction(pool(), async (tx) => {
    const { rows } = await tx.query<{ others: number }>(
      `SELECT count(*)::int AS others FROM "SavedView" WHERE "userId" = $1 AND list = $2 AND name <> $3`,
      [scope.userId, view.list, view.name],
    );
    if ((rows[0]?.others ?? 0) >= MOST) throw new ViewError(`You keep ${MOST} views of this list. Forget one first.`);
    await tx.query(
      `INSERT INTO "SavedView" (id, "userId", list, name, query) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT ("userId", list, name) DO UPDATE SET query = excluded.query`,
      [uuidv7(), scope.userId, view.list, view.name, view.query],
    );
    await appendAudit(tx, scope, {
      action: "views.kept",
      target: `${view.list} ${view.name}`,
      detail: { query: view.query },
    });
  });
}

/** Forgets a view of the scope's person; nothing happens when it is not theirs or gone already. */
export async function dropView(scope: AccountScope, id: string): Promise<void> {
  await inTransaction(pool(), async (tx) => {
    const { rows } = await tx.query<{ list: string; name: string }>(
      `DELETE FROM "SavedView" WHERE id = $1 AND "userId" = $2 RETURNING list, name`,
      [id, scope.userId],
    );
    const gone = rows[0];
    if (gone !== undefined)
      await appendAudit(tx, scope, { action: "views.forgotten", target: `${gone.list} ${gone.name}` });
  });
}

import "server-only";
import type pg from "pg";
import { appendAudit } from "@/domain/access/audit";
import type { AccountScope } from "@/domain/access/scope";
import type { KeyRing } from "@/lib/crypto";
import { inTransaction, pool } from "@/lib/db";
import { announce } from "@/lib/events";
import { uuidv7 } from "@/lib/id";
import { enqueue } from "@/lib/jobs";
import { sender } from "@/lib/sender";
import { AccountError } from "../account-error";
import type { Entered, Settings } from "../connection";
import { lockAccount, sealAll, storeSecrets } from "../mutations";
import { CONNECTABLE } from "../schema";
import { changeOf } from "./change";
import { DRAFT_HOURS } from "./schema";

/** Whose draft it is: one person's, or one token's. */
const makerOf = ({ userId, actor }: AccountScope): string => userId ?? actor;

interface Stored {
  version: string;
  name: string;
  intervalMinutes: number;
  settings: Record<string, unknown>;
  fields: string[];
}

async function readStored(tx: pg.PoolClient, id: string): Promise<Stored> {
  const { rows } = await tx.query<Stored>(
    `SELECT "updatedAt"::text AS version, name, "intervalMinutes", settings, ARRAY(SELECT field FROM "Secret" WHERE "accountId" = $1 ORDER BY field) AS fields FROM "Account" WHERE id = $1`,
    [id],
  );
  if (rows[0] === undefined) throw new AccountError("This account is gone.");
  return rows[0];
}

/** The settings that differ, as they were and as they are. */
function differences(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>) {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  const pick = (from: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(keys.map((key) => [key, from[key] ?? null]));
  return { before: pick(before), after: pick(after) };
}

/** Resolves with the account's version from now on. */
async function saveDetails(
  tx: pg.PoolClient,
  scope: AccountScope,
  id: string,
  was: Stored,
  name: string,
  minutes: number,
): Promise<string> {
  if (was.name === name && was.intervalMinutes === minutes) return was.version;
  await tx.query(
    `UPDATE "Account" SET name = $2, "intervalMinutes" = $3, "updatedAt" = now(),
       "nextScanAt" = CASE WHEN "intervalMinutes" = $3 THEN "nextScanAt" ELSE greatest("waitUntil", now() + make_interval(mins => $3)) END WHERE id = $1`,
    [id, name, minutes],
  );
  await appendAudit(tx, scope, {
    action: "account.edited",
    target: name,
    accountId: id,
    ...differences({ name: was.name, intervalMinutes: was.intervalMinutes }, { name, intervalMinutes: minutes }),
  });
  await announce(tx, "account");
  return (await readStored(tx, id)).version;
}

/** What is to become of an account. */
export interface Edit {
  /** Null: as it is. */
  name: string | null;
  intervalMinutes: number | null;
  /** The whole connection, made of what is stored; null: as it is. */
  entered: ((stored: Settings) => Entered) | null;
  /** The version of the account that was edited; null: whichever it is. */
  begun: string | null;
}

/** What came of an edit: the draft that waits to be saved, null when all is saved, and the account's version as it is now. */
export interface Edited {
  draft: string | null;
  version: string;
}

/**
 * Takes an edit of an account. One that leaves the connection as it is, is saved at once. Any other becomes a draft, its credentials
 * sealed, and is tested as it would be used; `saveDraft` then makes it the account's. Throws AccountError when somebody changed the
 * account since the edit began, and with `fields` where something entered is wrong.
 */
export async function draftEdit(scope: AccountScope, accountId: string, edit: Edit, ring: KeyRing): Promise<Edited> {
  const boss = await sender();
  return inTransaction(pool(), async (tx) => {
    const { provider } = await lockAccount(tx, scope, accountId);
    const was = await readStored(tx, accountId);
    if (edit.begun !== null && edit.begun !== was.version)
      throw new AccountError(
        "Somebody changed this account since you opened it, so nothing was saved. Look again in another tab; then reload this page and enter your change anew.",
      );
    const name = edit.name ?? was.name;
    const intervalMinutes = edit.intervalMinutes ?? was.intervalMinutes;
    if (edit.entered === null) {
      return { draft: null, version: await saveDetails(tx, scope, accountId, was, name, intervalMinutes) };
    }
    const cloud = CONNECTABLE.find((each) => each === provider);
    if (cloud === undefined) throw new AccountError("An account of this kind has no connection to edit.");
    const result = changeOf(cloud, was.settings, was.fields, edit.entered(was.settings));
    if (!result.ok) throw new AccountError("Please correct what is marked.", result.fields);
    const { settings, secrets, forget, moves } = result.change;
    if (!moves) {
      return { draft: null, version: await saveDetails(tx, scope, accountId, was, name, intervalMinutes) };
    }
    const id = uuidv7();
    await tx.query(
      `INSERT INTO "AccountDraft" (id, "accountId", "madeBy", basis, name, "intervalMinutes", settings, sealed, forget)
       SELECT $1, a.id, $3, a."updatedAt", $4, $5, $6, $7, $8 FROM "Account" a WHERE a.id = $2
       ON CONFLICT ("accountId", "madeBy") DO UPDATE SET id = excluded.id, basis = excluded.basis, name = excluded.name, "intervalMinutes" = excluded."intervalMinutes",
         settings = excluded.settings, sealed = excluded.sealed, forget = excluded.forget, "createdAt" = now()`,
      [
        ...[id, accountId, makerOf(scope), name, intervalMinutes, JSON.stringify(settings)],
        ...[JSON.stringify(sealAll(accountId, secrets, ring)), forget],
      ],
    );
    await enqueue(boss, tx, "test-connection", { accountId, draftId: id });
    await appendAudit(tx, scope, { action: "account.edit-tested", target: was.name, accountId });
    return { draft: id, version: was.version };
  });
}

interface Draft {
  current: boolean;
  name: string;
  intervalMinutes: number;
  settings: Record<string, unknown>;
  sealed: { field: string; kid: string; sealed: unknown }[];
  forget: string[];
  test: string | null;
}

/**
 * Makes a draft the account's connection: settings, replaced credentials, and the end of those that are used no longer. A draft whose
 * test has not ended is refused unless `untested`. Then the account is looked at anew. Resolves with the account's version. Throws AccountError when the draft is gone, or
 * when somebody changed the account since it was made.
 */
export async function saveDraft(
  scope: AccountScope,
  accountId: string,
  draftId: string,
  untested: boolean,
): Promise<string> {
  const boss = await sender();
  return inTransaction(pool(), async (tx) => {
    const { enabled } = await lockAccount(tx, scope, accountId);
    const { rows } = await tx.query<Draft>(
      `DELETE FROM "AccountDraft" d USING "Account" a WHERE d.id = $1 AND a.id = $2 AND d."accountId" = a.id AND d."madeBy" = $3
         AND d."createdAt" > now() - make_interval(hours => $4)
       RETURNING d.basis = a."updatedAt" AS current, d.name, d."intervalMinutes", d.settings, d.sealed, d.forget,
         (SELECT state::text FROM jobs.job WHERE name = 'test-connection' AND singleton_key = $1::text ORDER BY created_on DESC LIMIT 1) AS test`,
      [draftId, accountId, makerOf(scope), DRAFT_HOURS],
    );
    const [draft] = rows;
    if (draft === undefined)
      throw new AccountError("This edit was saved already, or is older than an hour. Test it again.");
    if (!draft.current)
      throw new AccountError("Somebody changed this account meanwhile. Reload the page and edit it again.");
    const ended = draft.test === "completed" || draft.test === "failed";
    if (!ended && !untested) throw new AccountError("The test has not ended. Wait for it, or save without it.");
    const was = await readStored(tx, accountId);
    await tx.query(
      `UPDATE "Account" SET name = $2, "intervalMinutes" = $3, settings = $4, "waitUntil" = NULL, "updatedAt" = now(),
         "nextScanAt" = now() + make_interval(mins => $3) WHERE id = $1`,
      [accountId, draft.name, draft.intervalMinutes, JSON.stringify(draft.settings)],
    );
    await tx.query(`DELETE FROM "Secret" WHERE "accountId" = $1 AND field = ANY($2)`, [accountId, draft.forget]);
    await storeSecrets(tx, accountId, draft.sealed);
    await appendAudit(tx, scope, {
      action: "account.edited",
      target: draft.name,
      accountId,
      ...differences(
        { ...was.settings, name: was.name, intervalMinutes: was.intervalMinutes },
        { ...draft.settings, name: draft.name, intervalMinutes: draft.intervalMinutes },
      ),
      detail: {
        replaced: draft.sealed.map(({ field }) => field),
        destroyed: draft.forget,
        test: draft.test ?? "not run",
      },
    });
    if (enabled) await enqueue(boss, tx, "discover-account", { accountId, trigger: "manual" });
    await announce(tx, "account");
    return (await readStored(tx, accountId)).version;
  });
}

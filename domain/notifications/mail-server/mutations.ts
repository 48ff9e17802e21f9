import "server-only";
import { appendAudit } from "@/domain/access/audit";
import type { AccountScope } from "@/domain/access/scope";
import { type KeyRing, seal } from "@/lib/crypto";
import { inTransaction, pool } from "@/lib/db";
import { announce } from "@/lib/events";
import { uuidv7 } from "@/lib/id";
import { enqueue } from "@/lib/jobs";
import { sender } from "@/lib/sender";
import { changes } from "../change";
import { NotificationError, RaceError } from "../notification-error";
import type { MailServerInput } from "../schema";
import { MAIL_SECRET } from "../secret";
import { requireSettings } from "../settings-gate";

type ServerFacts = Omit<MailServerInput, "password" | "forget">;

const factsOf = ({
  host,
  port,
  security,
  username,
  fromAddress,
  fromName,
  baseUrl,
  enabled,
}: ServerFacts): ServerFacts => ({
  host,
  port,
  security,
  username,
  fromAddress,
  fromName,
  baseUrl,
  enabled,
});

/**
 * Stores the mail server. The password is write-only: null keeps what is stored, unless host, port or user change, since a stored
 * password must not travel to another server; then it has to be entered again. `begun` is the version that was changed, null for none; resolves with
 * the new one. Throws NotificationError, RaceError when somebody stored another server since, ForbiddenError.
 */
export async function saveServer(
  scope: AccountScope,
  input: MailServerInput,
  ring: KeyRing,
  begun: string | null,
): Promise<string> {
  requireSettings(scope);
  const { password, forget, ...facts } = input;
  return inTransaction(pool(), async (tx) => {
    const { rows } = await tx.query<ServerFacts & { sealed: unknown; version: string }>(
      `SELECT host, port, security, username, "fromAddress", "fromName", "baseUrl", enabled, sealed, "updatedAt"::text AS version FROM "MailServer" WHERE id = 'mail' FOR UPDATE`,
    );
    const [row] = rows;
    if ((row?.version ?? null) !== begun) throw new RaceError("Somebody changed the mail server");
    const stored = row?.sealed ?? null;
    const before = row === undefined ? undefined : factsOf(row);
    const keeps = password === null && !forget && stored !== null && facts.username !== null;
    const moved =
      row !== undefined &&
      (row.host !== facts.host ||
        row.port !== facts.port ||
        row.username !== facts.username ||
        facts.security === "none");
    if (keeps && moved) {
      throw new NotificationError(
        "Enter the password again: the stored one is not sent to another server or as another user.",
      );
    }
    const fresh = password === null ? null : seal(password, MAIL_SECRET, ring);
    const sealed = fresh ?? (keeps ? stored : null);
    const kid = fresh?.kid ?? null;
    const saved = await tx.query<{ version: string }>(
      `INSERT INTO "MailServer" (id, host, port, security, username, sealed, kid, "fromAddress", "fromName", "baseUrl", enabled, "updatedAt")
       VALUES ('mail', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now())
       ON CONFLICT (id) DO UPDATE SET host = $1, port = $2, security = $3, username = $4, sealed = $5, kid = coalesce($6, CASE WHEN $5::jsonb IS NULL THEN NULL ELSE "MailServer".kid END),
         "fromAddress" = $7, "fromName" = $8, "baseUrl" = $9, enabled = $10, problem = NULL, "checkedAt" = NULL, "pausedUntil" = NULL, "updatedAt" = now()
       WHERE "MailServer"."updatedAt"::text = $11 RETURNING "updatedAt"::text AS version`,
      [
        facts.host,
        facts.port,
        facts.security,
        facts.username,
        sealed === null ? null : JSON.stringify(sealed),
        kid,
        facts.fromAddress,
        facts.fromName,
        facts.baseUrl,
        facts.enabled,
        begun,
      ],
    );
    const [now] = saved.rows;
    if (now === undefined) throw new RaceError("Somebody changed the mail server"); // two first ones at once
    const secret = fresh !== null ? "entered" : stored !== null && sealed === null ? "removed" : undefined;
    await appendAudit(tx, scope, {
      action: "notifications.mail-server-saved",
      target: facts.host,
      ...changes(before, factsOf(facts)),
      ...(secret === undefined ? {} : { detail: { passwordIs: secret } }),
    });
    await announce(tx, "delivery");
    return now.version;
  });
}

/** Queues a test mail to an address; it leaves within seconds, also while mail is paused. Throws NotificationError without a server. */
export async function sendTest(scope: AccountScope, address: string): Promise<string> {
  requireSettings(scope);
  const boss = await sender();
  return inTransaction(pool(), async (tx) => {
    const { rowCount } = await tx.query(`SELECT 1 FROM "MailServer"`);
    if (rowCount === 0) throw new NotificationError("Save the mail server first.");
    const recent = await tx.query(
      `SELECT 1 FROM "Delivery" WHERE template = 'test' AND "createdAt" > now() - interval '1 hour'`,
    );
    if ((recent.rowCount ?? 0) >= 20)
      throw new NotificationError("Twenty tests an hour are enough. Look at the deliveries.");
    const id = uuidv7();
    await tx.query(
      `INSERT INTO "Delivery" (id, address, template, subject, "nextAttemptAt") VALUES ($1, $2, 'test', 'Seawall can send you mail', now())`,
      [id, address],
    );
    await enqueue(boss, tx, "send-mail", {});
    await appendAudit(tx, scope, { action: "notifications.test-sent", target: address, detail: { delivery: id } });
    await announce(tx, "delivery");
    return id;
  });
}

import { beforeEach, expect, test } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { useTestDatabase } from "@/lib/testing/use-database";
import { unsubscribe } from "../mutations";
import { RaceError } from "../notification-error";
import { preferenceSchema } from "../schema";
import { savePreferences } from "./mutations";
import { readPreferences } from "./queries";

useTestDatabase();
beforeEach(async () => {
  await pool().query(`DELETE FROM "User"`);
  await pool().query(
    `INSERT INTO "User" (id, name, email, "updatedAt") VALUES ('rita', 'Rita', 'rita@example.com', now())`,
  );
});

const rita = mintScope("rita", "Rita", [{ role: "Security Reader", accountId: null }]);
const chosen = (more: object = {}) =>
  preferenceSchema.parse({
    pace: "daily",
    digestHour: "9",
    timeZone: "UTC",
    criticalAtOnce: "on",
    subscribed: "on",
    ...more,
  });
const opened = async () => (await readPreferences(rita))?.version ?? null;
const audits = async () =>
  (await pool().query(`SELECT FROM "AuditEntry" WHERE action = 'notifications.preferences-saved'`)).rowCount ?? 0;

test("choices are saved over those that the form began with, and over no others", async () => {
  const [tab, before] = [await opened(), await audits()];
  const first = await savePreferences(rita, chosen(), tab);
  expect(await opened()).toBe(first);
  // The other tab was opened before.
  await expect(savePreferences(rita, chosen({ pace: "weekly" }), tab)).rejects.toThrow(RaceError);
  await expect(savePreferences(rita, chosen({ pace: "weekly" }), null)).rejects.toThrow(/What you get was changed/);
  expect(await readPreferences(rita)).toMatchObject({ pace: "daily", digestHour: 9 });
  // One's own saving goes on from what it saved, and the same again is no change.
  expect(await savePreferences(rita, chosen(), tab)).toBe(first);
  const second = await savePreferences(rita, chosen({ pace: "weekly" }), first);
  expect([await opened(), (await readPreferences(rita))?.pace, await audits()]).toEqual([second, "weekly", before + 2]);
});

test("of two tabs that save at once one is refused", async () => {
  const tab = await opened();
  const both = await Promise.allSettled(
    ["10", "11"].map((digestHour) => savePreferences(rita, chosen({ digestHour }), tab)),
  );
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("a form opened before the first mail is not refused; one opened before a mail was unsubscribed from is", async () => {
  const tab = await opened();
  const id = uuidv7();
  await pool().query(`INSERT INTO "Recipient" (id, "userId", "updatedAt") VALUES ($1, 'rita', now())`, [id]);
  const late = await savePreferences(rita, chosen(), tab);
  await unsubscribe(id);
  await expect(savePreferences(rita, chosen({ digestHour: "10" }), late)).rejects.toThrow(RaceError);
  expect((await readPreferences(rita))?.unsubscribedAt).toBeInstanceOf(Date);
  await savePreferences(rita, chosen({ digestHour: "10" }), await opened());
  expect(await readPreferences(rita)).toMatchObject({ digestHour: 10, unsubscribedAt: null });
});

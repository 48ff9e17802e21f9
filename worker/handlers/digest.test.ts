import { afterEach, beforeEach, expect, test } from "vitest";
import { MailSink } from "../testing/mail-sink";
import { context, impatient, mailWorld, opened } from "../testing/mail-world";
import { sendMail } from "./mail-send";
import { notify } from "./notify";

let sink: MailSink;
let it: Awaited<ReturnType<typeof mailWorld>>;
beforeEach(async () => {
  sink = new MailSink();
  it = await mailWorld(await sink.start());
  await it.person("olga", "Owner", null);
});
afterEach(async () => {
  await sink.stop();
  await it.db.drop();
});

const shop = () => ({ account: it.ids.shop, cluster: it.ids.shopCluster });
const bank = () => ({ account: it.ids.bank, cluster: it.ids.bankCluster });
const tell = () => notify(it.world, context);
const send = () => sendMail(it.world, context, impatient(2000));
/** What the team web owns goes to its mailbox outside Seawall. */
const webRoute = (pace: string, minSeverity: number) =>
  it.rows(
    `INSERT INTO "NotificationRoute" (id, name, kinds, "minSeverity", "accountIds", "clusterIds", namespaces, owners, "toUsers", "toRoles", "toAddresses", pace, "updatedAt")
     VALUES (gen_random_uuid(), 'web', '{}', $1, '{}', '{}', '{}', '{team-web}', '{}', '{}', '{web@corp.example}', $2, now())`,
    [minSeverity, pace],
  );

test("the day's limit holds the fifth high mail, shows it, and brings it as a digest", async () => {
  for (let n = 0; n < 6; n++) {
    await it.publish([opened(shop(), 2, n + 1)]);
    await tell();
    it.later(1);
  }
  await send();
  expect(sink.taken).toHaveLength(4);
  const held = await it.rows<{ reason: string; heldUntil: Date }>(
    `SELECT reason, "heldUntil" FROM "Notice" WHERE "deliveryId" IS NULL`,
  );
  expect(held).toEqual(Array(2).fill({ reason: "throttle", heldUntil: new Date("2026-11-22T08:00:00Z") }));
  it.later(22 * 60);
  expect(await tell()).toMatchObject({ digests: 1 });
  await send();
  expect(sink.taken).toHaveLength(5);
  expect(sink.taken[4]?.mail.subject).toBe("Digest: 11 high findings opened");
  expect(await tell()).toMatchObject({ digests: 0 });
});

test("an owner's mailbox outside Seawall gets one weekly digest of that owner's findings; critical ones do not wait", async () => {
  await webRoute("weekly", 0);
  const others = opened(shop(), 2, 5);
  others.payload = { ...others.payload, places: [{ namespace: "db", owner: "team-db", count: 5, controls: [] }] };
  await it.publish([opened(shop(), 1, 2), opened(bank(), 1, 3), others]);
  await tell();
  await send();
  const mailbox = () => sink.taken.filter(({ to }) => to.includes("web@corp.example")).map(({ mail }) => mail.subject);
  expect(mailbox()).toEqual([]);
  it.later(24 * 60); // Sunday: what is held for others leaves
  await tell();
  await send();
  await it.publish([opened(shop(), 3, 1)]);
  await tell();
  await send();
  expect(mailbox()).toEqual(["shop-eu: 1 critical finding opened"]);
  it.later(24 * 60); // Monday
  await tell();
  await send();
  expect(mailbox().slice(1)).toEqual(["Digest of team-web: 5 medium findings opened"]);
});

test("a daily digest leaves what waits for the week's where it is; of two routes the quicker one counts", async () => {
  await it.rows(`UPDATE "NotificationRoute" SET enabled = false`);
  await webRoute("weekly", 0);
  await webRoute("daily", 2);
  await it.publish([opened(shop(), 1, 2), opened(shop(), 2, 3)]);
  await tell();
  it.later(24 * 60);
  await tell();
  await send();
  expect(sink.taken.map(({ mail }) => mail.subject)).toEqual(["Digest of team-web: 3 high findings opened"]);
  it.later(24 * 60);
  await tell();
  await send();
  expect(sink.taken.map(({ mail }) => mail.subject).slice(1)).toEqual(["Digest of team-web: 2 medium findings opened"]);
});

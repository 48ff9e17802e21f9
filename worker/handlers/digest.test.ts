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

test("findings that are all exempted are in no mail and no digest, at once or later; of some only the others are", async () => {
  await webRoute("daily", 0);
  const exempted = (severity: number, count: number, of: number) => opened(shop(), severity, count, "shop", of);
  await it.publish([exempted(3, 4, 4), exempted(1, 2, 2)]);
  expect(await tell()).toMatchObject({ events: 2, deliveries: 0, held: 0 });
  await it.publish([exempted(1, 7, 3)]);
  await tell();
  await it.publish([exempted(3, 5, 2)]);
  await tell();
  await send();
  it.later(24 * 60);
  await tell();
  await send();
  const subjects = (to: string) => sink.taken.filter((one) => one.to.includes(to)).map(({ mail }) => mail.subject);
  expect(subjects("olga@example.com")).toEqual(["shop-eu: 3 critical findings opened"]);
  expect(subjects("web@corp.example")).toEqual([
    "shop-eu: 3 critical findings opened",
    "Digest of team-web: 4 medium findings opened",
  ]);
});

test("what was held before it was told apart is told of no longer when all of it is exempted", async () => {
  await webRoute("daily", 0);
  await it.publish([opened(shop(), 1, 2)]);
  await tell();
  const set = (path: string) =>
    it.rows(`UPDATE "OutboxEvent" SET payload = jsonb_set(payload, '${path}', '2') WHERE kind = 'finding.opened'`);
  await set("{exempted}");
  await set("{places,0,exempted}");
  it.later(24 * 60);
  await tell();
  expect(await send()).toMatchObject({ sent: 0, dropped: 1 });
  expect(await it.rows(`SELECT reason FROM "Delivery"`)).toEqual([{ reason: "Nothing is left to tell." }]);
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MailSink } from "../testing/mail-sink";
import { context, guarded, impatient, mailWorld, opened } from "../testing/mail-world";
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
const send = (patienceMs = 2000) => sendMail(it.world, context, impatient(patienceMs));
const deliveries = () =>
  it.rows<{ state: string; attempts: number; reason: string | null; address: string; template: string }>(
    `SELECT state, attempts, reason, address, template FROM "Delivery" ORDER BY "createdAt", id`,
  );
const addresses = () => sink.taken.flatMap(({ to }) => to).sort();

describe("sending", () => {
  test("a scan's findings reach the Owner as one mail in HTML and text, with headers that a mailbox wants", async () => {
    await it.publish([opened(shop(), 3, 2), opened(shop(), 2, 12)]);
    await tell();
    expect(await send()).toMatchObject({ sent: 1, failed: 0 });
    const [taken] = sink.taken;
    expect(taken?.to).toEqual(["olga@example.com"]);
    expect(taken?.mail.subject).toBe("shop-eu: 2 critical and 12 high findings opened");
    expect(taken?.mail.from).toEqual({ address: "seawall@corp.example", name: "Seawall" });
    const [row] = await it.rows<{ id: string }>(`SELECT id FROM "Delivery"`);
    expect(taken?.mail.messageId).toBe(`<${row?.id}@corp.example>`);
    expect(taken?.mail.text).toContain("Containers should not run privileged");
    expect(taken?.mail.html).toContain("Containers should not run privileged");
    const header = (key: string) => taken?.mail.headers.find((one) => one.key === key)?.value ?? "";
    expect(header("list-unsubscribe")).toMatch(/^<https:\/\/seawall\.example\/unsubscribe\/[0-9a-f]{32}\.[\w-]{43}>$/);
    expect(header("list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click");
    expect(header("auto-submitted")).toBe("auto-generated");
    expect(await deliveries()).toMatchObject([{ state: "sent", attempts: 1, reason: "250 2.0.0 taken" }]);
    expect(await tell()).toMatchObject({ events: 0 });
    expect(await send()).toMatchObject({ sent: 0 });
  });

  test("greylisting is waited for, under the same Message-ID; the deliveries say why", async () => {
    sink.moods.set("*", "greylist");
    await it.publish([opened(shop(), 3)]);
    await tell();
    expect(await send()).toMatchObject({ sent: 0, waiting: 1 });
    expect(await deliveries()).toMatchObject([
      { state: "queued", reason: "451 4.7.1 Greylisted, please try again in 5 minutes" },
    ]);
    expect(await send()).toMatchObject({ sent: 0, waiting: 0 }); // not before its time
    it.later(2);
    expect(await send()).toMatchObject({ waiting: 1 });
    sink.moods.set("*", "accept");
    it.later(6);
    expect(await send()).toMatchObject({ sent: 1 });
    expect(await deliveries()).toMatchObject([{ state: "sent", attempts: 3 }]);
    expect(sink.attempts.get("olga@example.com")).toBe(3);
  });

  test("a refused mail is a dead letter at once, and does not stop the others", async () => {
    await it.person("rolf", "Owner", null);
    sink.moods.set("olga@example.com", "refuse");
    await it.publish([opened(shop(), 3)]);
    await tell();
    expect(await send()).toMatchObject({ sent: 1, failed: 1 });
    expect(addresses()).toEqual(["rolf@example.com"]);
    expect(await deliveries()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          address: "olga@example.com",
          state: "failed",
          reason: "550 5.1.1 No such user here",
        }),
      ]),
    );
    it.later(10_000);
    expect(await send()).toMatchObject({ sent: 0, failed: 0 });
  });

  test.each(["hang", "die"] as const)(
    "a server that takes the text and then %ss: tried again, the same mail",
    async (mood) => {
      sink.moods.set("*", mood);
      await it.publish([opened(shop(), 3)]);
      await tell();
      expect(await send(700)).toMatchObject({ sent: 0, waiting: 1 });
      expect((await deliveries())[0]?.reason).toMatch(mood === "hang" ? /did not answer in time/ : /broke off/);
      sink.moods.set("*", "accept");
      it.later(2);
      expect(await send()).toMatchObject({ sent: 1 });
      const [row] = await it.rows<{ id: string }>(`SELECT id FROM "Delivery"`);
      expect(sink.taken.map(({ mail }) => mail.messageId)).toEqual([`<${row?.id}@corp.example>`]);
    },
  );

  test("a server that is away pauses all mail; nothing is lost when it is back after a day; after 25 attempts it is given up", async () => {
    await sink.stop();
    await it.publish([opened(shop(), 3)]);
    await it.publish([opened(bank(), 3)]);
    await tell();
    expect(await send()).toMatchObject({ sent: 0 });
    const [server] = await it.rows<{ problem: string; pausedUntil: Date }>(
      `SELECT problem, "pausedUntil" FROM "MailServer"`,
    );
    expect(server?.problem).toMatch(/127\.0\.0\.1 could not be reached/);
    expect(server?.pausedUntil.getTime()).toBe(it.now().getTime() + 300_000);
    sink = new MailSink();
    await it.rows(`UPDATE "MailServer" SET port = $1`, [await sink.start()]);
    expect(await send()).toMatchObject({ sent: 0 }); // paused
    it.later(24 * 60);
    expect(await send()).toMatchObject({ sent: 2 });
    expect(await it.rows(`SELECT problem, "pausedUntil" FROM "MailServer"`)).toEqual([
      { problem: null, pausedUntil: null },
    ]);

    await it.publish([opened(shop(), 3)]);
    await tell();
    sink.moods.set("*", "greylist");
    await it.rows(`UPDATE "Delivery" SET attempts = 24 WHERE state = 'queued'`);
    expect(await send()).toMatchObject({ failed: 1 });
    expect((await deliveries()).map(({ reason }) => reason)).toContain(
      "Given up after 25 attempts. 451 4.7.1 Greylisted, please try again in 5 minutes",
    );
  });

  test("a sender that died after the server took the mail: sent again under the same Message-ID, never lost", async () => {
    await it.publish([opened(shop(), 3)]);
    await tell();
    await it.rows(`UPDATE "Delivery" SET state = 'sending', attempts = 1, "claimedUntil" = $1`, [
      new Date(it.now().getTime() + 180_000),
    ]);
    expect(await send()).toMatchObject({ sent: 0 }); // it may still be alive
    it.later(4);
    expect(await send()).toMatchObject({ sent: 1 });
    expect(await deliveries()).toMatchObject([{ state: "sent", attempts: 2 }]);
  });

  test("two senders at once send each mail once", async () => {
    for (const name of ["a", "b", "c", "d", "e", "f"]) await it.person(name, "Owner", null);
    await it.publish([opened(shop(), 3)]);
    await Promise.all([tell(), tell()]);
    const done = await Promise.all([send(), send()]);
    expect(done.reduce((sum, { sent }) => sum + sent, 0)).toBe(7);
    expect(new Set(addresses()).size).toBe(7);
    expect(sink.taken).toHaveLength(7);
  });

  test("the server's address is guarded: without the operator's word no private address is spoken to", async () => {
    await it.publish([opened(shop(), 3)]);
    await tell();
    await sendMail(it.world, context, guarded);
    expect(sink.attempts.size).toBe(0);
    expect((await it.rows<{ problem: string }>(`SELECT problem FROM "MailServer"`))[0]?.problem).toMatch(
      /may not be reached from here/,
    );
  });
});

describe("who gets what", () => {
  test("only Owners of the account's scope, and of them only who still may see it when it is sent", async () => {
    await it.person("shop-owner", "Owner", it.ids.shop);
    await it.person("bank-owner", "Owner", it.ids.bank);
    await it.person("reader", "Security Reader", null);
    await it.publish([opened(bank(), 2)]);
    await tell();
    expect((await deliveries()).map(({ address }) => address).sort()).toEqual([
      "bank-owner@example.com",
      "olga@example.com",
    ]);
    await it.rows(`UPDATE "RoleGrant" SET "accountId" = $1 WHERE "userId" = 'bank-owner'`, [it.ids.shop]);
    expect(await send()).toMatchObject({ sent: 1, dropped: 1 });
    expect(addresses()).toEqual(["olga@example.com"]);
  });

  test("medium is not told by default; events of one kind and address are never doubled by two routes", async () => {
    await it.publish([opened(shop(), 1)]);
    expect(await tell()).toMatchObject({ events: 1, deliveries: 0 });
    await it.rows(
      `INSERT INTO "NotificationRoute" (id, name, kinds, "minSeverity", "accountIds", "clusterIds", namespaces, owners, "toUsers", "toRoles", "toAddresses", "updatedAt")
       VALUES (gen_random_uuid(), 'all', '{}', 0, '{}', '{}', '{}', '{}', '{olga}', '{}', '{olga@example.com,soc@corp.example}', now())`,
    );
    await it.publish([opened(shop(), 2)]);
    await tell();
    await send();
    expect(addresses()).toEqual(["olga@example.com", "soc@corp.example"]);
  });

  test("with mail off events are forgotten and invitations wait", async () => {
    await it.rows(`UPDATE "MailServer" SET enabled = false`);
    await it.publish([
      opened(shop(), 3),
      { kind: "person.invited", payload: { email: "new@example.com", link: "/join", inviter: "O", role: "Owner" } },
    ]);
    expect(await tell()).toMatchObject({ events: 1, deliveries: 0 });
    await it.rows(`UPDATE "MailServer" SET enabled = true`);
    expect(await tell()).toMatchObject({ events: 1, deliveries: 1 });
  });

  test("small falls of a score add up to one mail, told once", async () => {
    const fell = (before: number, after: number) => ({
      kind: "score.fell",
      accountId: it.ids.shop,
      clusterId: it.ids.shopCluster,
      payload: { cluster: "shop-eu", before, after },
    });
    await it.rows(`UPDATE "NotificationRoute" SET "minSeverity" = 0`);
    for (const [before, after] of [
      [80, 78.5],
      [78.5, 77.8],
    ] as const) {
      await it.publish([fell(before, after)]);
      expect(await tell()).toMatchObject({ deliveries: 0 });
      it.later(30);
    }
    await it.publish([fell(77.8, 76.4)]);
    expect(await tell()).toMatchObject({ deliveries: 1 });
    await send();
    expect(sink.taken[0]?.mail.subject).toBe("Shop prod: score fell by 3.6");
    it.later(5);
    await it.publish([fell(76.4, 75)]);
    expect(await tell()).toMatchObject({ deliveries: 0 });
  });
});

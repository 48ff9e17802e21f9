import { afterEach, beforeEach, expect, test } from "vitest";
import { uuidv7 } from "@/lib/id";
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

const tell = () => notify(it.world, context);
const send = () => sendMail(it.world, context, impatient(2000));
const subjects = () => sink.taken.map(({ mail }) => mail.subject);
/** A mailbox that gets the findings of namespaces as a digest a day, and nobody else is told. */
async function daily(namespaces: string): Promise<void> {
  await it.rows(`UPDATE "NotificationRoute" SET enabled = false`);
  await route(namespaces, "web@corp.example");
}
const route = (namespaces: string, mailbox: string) =>
  it.rows(
    `INSERT INTO "NotificationRoute" (id, name, kinds, "minSeverity", "accountIds", "clusterIds", namespaces, owners, "toUsers", "toRoles", "toAddresses", pace, "updatedAt")
     VALUES (gen_random_uuid(), 'web', '{}', 0, '{}', '{}', $1, '{}', '{}', '{}', ARRAY[$2], 'daily', now())`,
    [namespaces, mailbox],
  );
/** A scan that opens a finding of SW-0017 for each of these names, in `shop` or `NAMESPACE/`, and tells of them as scans do. */
async function scanned(severity: number, ...names: string[]): Promise<void> {
  const found = names.map((name) => (name.includes("/") ? name.split("/") : ["shop", name]));
  const event = opened({ account: it.ids.shop, cluster: it.ids.shopCluster }, severity, names.length);
  const [place] = event.payload.places as { namespace: string }[];
  const places = [...new Set(found.map(([namespace]) => namespace))].map((namespace) => ({ ...place, namespace }));
  await it.publish([{ ...event, payload: { ...event.payload, places } }]);
  for (const [namespace, name] of found) {
    const id = uuidv7();
    await it.rows(
      `INSERT INTO "Finding" (id, "accountId", "clusterId", "controlId", "scoreGroup", severity, "apiGroup", kind, namespace, name, state, message, evidence, "firstSeenAt", "lastSeenAt")
       VALUES ($1, $2, $3, 'SW-0017', 'access-and-permissions', $4, 'apps', 'Deployment', $7, $5, 'open', 'm', '[]', $6, $6)`,
      [id, it.ids.shop, it.ids.shopCluster, severity, name, it.now(), namespace],
    );
    await it.rows(
      `INSERT INTO "FindingTransition" (id, "findingId", "scanId", at, change, severity, "accountId", "controlId") VALUES ($1, $2, $3, $4, 'opened', $5, $6, 'SW-0017')`,
      [uuidv7(), id, event.payload.scanId, it.now(), severity, it.ids.shop],
    );
  }
  await tell();
}
const exempt = (...names: string[]) =>
  it.rows(`UPDATE "Finding" SET exemption = 'waiver', "exemptionId" = gen_random_uuid() WHERE name = ANY($1)`, [names]);
const resolve = (...names: string[]) =>
  it.rows(`UPDATE "Finding" SET state = 'resolved', "resolvedAt" = now() WHERE name = ANY($1)`, [names]);
/** Lets a day pass and sends what waited. */
async function nextDay() {
  it.later(24 * 60);
  await tell();
  return send();
}

test("a digest tells of what is open when it leaves: without what was resolved, and of the exempted how many", async () => {
  await daily("{}");
  await scanned(2, "a", "b", "c", "d", "e");
  await exempt("a", "b");
  await resolve("c");
  await nextDay();
  expect(subjects()).toEqual(["Digest: 2 high findings opened"]);
  const text = sink.taken[0]?.mail.text ?? "";
  expect(text).toContain("shop/d and shop/e");
  expect(text).toContain("and 2 that are exempted");
  expect(text).not.toMatch(/shop\/[abc]/);
});

test("a digest of findings that were all exempted or resolved before it left is not sent", async () => {
  await daily("{}");
  await scanned(2, "a", "b");
  await exempt("a");
  await resolve("b");
  expect(await nextDay()).toMatchObject({ sent: 0, dropped: 1 });
  expect(await it.rows(`SELECT reason FROM "Delivery"`)).toEqual([{ reason: "Nothing is left to tell." }]);
});

test("a part of them is told of a route's own namespaces only, and others' events stay as they were", async () => {
  await daily("{shop}");
  await scanned(1, "a", "b", "c");
  await it.publish([opened({ account: it.ids.bank, cluster: it.ids.bankCluster }, 1, 4)]);
  await tell();
  await resolve("a");
  await nextDay();
  expect(subjects()).toEqual(["Digest: 6 medium findings opened"]);
});

test("of one event each mailbox is told its own part, whoever was told before", async () => {
  await daily("{payroll}");
  await route("{}", "all@corp.example");
  await route("{shop}", "shop@corp.example");
  await scanned(2, "web", "payroll/ledger");
  await nextDay();
  const told = sink.taken.map(({ to, mail }) => [
    to.join(),
    /shop\/web/.test(mail.text ?? ""),
    /payroll\/ledger/.test(mail.text ?? ""),
  ]);
  expect(told.sort()).toEqual([
    ["all@corp.example", true, true],
    ["shop@corp.example", true, false],
    ["web@corp.example", false, true],
  ]);
});

test("a mail that leaves at once but was held up tells of what is open then", async () => {
  await scanned(3, "a", "b");
  await exempt("b");
  await send();
  expect(subjects()).toEqual(["shop-eu: 1 critical finding opened"]);
});

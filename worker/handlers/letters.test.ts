import { afterEach, beforeEach, expect, test } from "vitest";
import { MailSink } from "../testing/mail-sink";
import { context, impatient, mailWorld } from "../testing/mail-world";
import { sendMail } from "./mail-send";
import { notify } from "./notify";

let sink: MailSink;
let it: Awaited<ReturnType<typeof mailWorld>>;
beforeEach(async () => {
  sink = new MailSink();
  it = await mailWorld(await sink.start());
});
afterEach(async () => {
  await sink.stop();
  await it.db.drop();
});

const tell = () => notify(it.world, context);
const send = () => sendMail(it.world, context, impatient(2000));
const deliveries = () =>
  it.rows<{ state: string; reason: string | null; address: string }>(
    `SELECT state, reason, address FROM "Delivery" ORDER BY "createdAt", id`,
  );

test("an invitation is sent once, its link lies below the base address, and leaves the database with the mail", async () => {
  await it.publish([
    {
      kind: "person.invited",
      payload: {
        email: "new@example.com",
        link: "https://evil.example/join?token=s3cret",
        inviter: "Olga\r\nBcc: x@y.z",
        role: "Security Reader",
      },
    },
  ]);
  await tell();
  await send();
  const [taken] = sink.taken;
  expect(taken?.to).toEqual(["new@example.com"]);
  expect(taken?.mail.bcc ?? []).toEqual([]);
  expect(taken?.mail.text).toContain("https://seawall.example/join?token=s3cret");
  expect(taken?.raw).not.toContain("evil.example");
  expect(JSON.stringify(await it.rows(`SELECT payload FROM "OutboxEvent"`))).not.toContain("s3cret");
  expect(JSON.stringify(await it.rows(`SELECT * FROM "Delivery"`))).not.toContain("s3cret");
});

test("an invitation that needs no mail any more says why", async () => {
  const invitation = "019a0000-0000-7000-8000-000000000001";
  const invited = (email: string, more: object = {}) => ({
    kind: "person.invited",
    payload: { email, inviter: "Olga", role: "Security Reader", ...more },
  });
  await it.rows(
    `INSERT INTO "Invitation" (id, email, role, everything, hash, "inviterId", inviter, "expiresAt", "withdrawnAt")
     VALUES ($1, 'back@example.com', 'Security Reader', true, 'x', 'olga', 'Olga', now(), now())`,
    [invitation],
  );
  await it.person("joined", "Security Reader", null);
  await it.publish([
    invited("joined@example.com"),
    invited("joined@example.com", { link: "/join" }), // of an earlier invitation
    invited("back@example.com", { invitationId: invitation }),
    invited("late@example.com"),
  ]);
  await tell();
  await send();
  expect(sink.taken).toEqual([]);
  const joined = ["joined@example.com", "dropped", "This person has joined already. There is nothing to do."];
  expect((await deliveries()).map(({ address, state, reason }) => [address, state, reason]).sort()).toEqual([
    ["back@example.com", "dropped", "This invitation was withdrawn."],
    joined,
    joined,
    ["late@example.com", "dropped", "The link of this invitation was sent or has expired. Invite again."],
  ]);
});

test("a way back in is mailed to its person while it is open, and its link leaves the database with the mail", async () => {
  const recovery = (expiresAt: string) => ({
    kind: "person.recovery",
    payload: { person: "p", email: "lost@example.com", owner: "Olga", link: "/welcome?recovery=s3cret", expiresAt },
  });
  await it.publish([recovery("2001-01-01T00:00:00.000Z"), recovery("2999-01-01T00:00:00.000Z")]);
  await tell();
  await send();
  expect(sink.taken.map(({ to }) => to)).toEqual([["lost@example.com"]]);
  expect(sink.taken[0]?.mail.text).toContain("https://seawall.example/welcome?recovery=s3cret");
  expect(await it.rows(`SELECT state FROM "Delivery" ORDER BY state`)).toEqual([
    { state: "dropped" },
    { state: "sent" },
  ]);
  expect(
    await it.rows(`SELECT 1 FROM "OutboxEvent" WHERE payload ? 'link' AND payload->>'expiresAt' > '2900'`),
  ).toEqual([]);
});

import { afterEach, expect, test } from "vitest";
import type { Outgoing } from "@/domain/notifications/channel";
import { uuidv7 } from "@/lib/id";
import { caCertificate, otherCaCertificate, serverCertificate, serverKey } from "@/lib/testing/tls";
import { MailSink } from "../testing/mail-sink";
import { openSmtp, type SmtpSettings } from "./smtp";

const never = new AbortController().signal;
const sinks: MailSink[] = [];
afterEach(async () => {
  for (const sink of sinks.splice(0)) await sink.stop();
});

/** A mail server with TLS that takes mail only from somebody who signed in as seawall with the password. */
async function secured(secure: boolean): Promise<{ sink: MailSink; port: number }> {
  const sink = new MailSink({
    secure,
    key: serverKey,
    cert: serverCertificate,
    authOptional: false,
    disabledCommands: [],
    onAuth: ({ username, password }, session, callback) => {
      // A password that crosses in clear text is lost, whatever the server says.
      if (!session.secure) return callback(new Error("in clear text"));
      if (username === "seawall" && password === "correct horse") return callback(null, { user: username });
      callback(Object.assign(new Error("5.7.8 Authentication credentials invalid"), { responseCode: 535 }));
    },
  });
  sinks.push(sink);
  return { sink, port: await sink.start() };
}
const settings = (port: number, over: Partial<SmtpSettings>): SmtpSettings => ({
  ...{ host: "localhost", port, security: "starttls", username: "seawall", password: "correct horse" },
  ...{ fromAddress: "seawall@corp.example", fromName: "Seawall", patienceMs: 3000, ca: caCertificate },
  ...over,
});
const mail: Outgoing = {
  ...{ deliveryId: uuidv7(), to: "olga@example.com", subject: "Hello" },
  ...{ html: "<p>Hello</p>", text: "Hello", unsubscribeUrl: null },
};
async function deliver(over: SmtpSettings): Promise<string> {
  const channel = await openSmtp(over, { allowPrivate: true });
  try {
    return await channel.send(mail, never);
  } finally {
    channel.close();
  }
}

test.each(["starttls", "tls"] as const)("signs in by %s and sends", async (security) => {
  const { sink, port } = await secured(security === "tls");
  expect(await deliver(settings(port, { security }))).toMatch(/^250/);
  expect(sink.taken[0]?.to).toEqual(["olga@example.com"]);
});

test("a refused password stops all mail for long, and says what to check", async () => {
  const { sink, port } = await secured(false);
  await expect(deliver(settings(port, { password: "wrong" }))).rejects.toMatchObject({
    kind: "server",
    message: expect.stringMatching(/refused the sign-in: 535 .*Check user and password/),
  });
  expect(sink.taken).toEqual([]);
});

test.each([
  ["starttls", false],
  ["tls", true],
] as const)("a certificate that nobody vouches for is not spoken to by %s", async (security, secure) => {
  const { sink, port } = await secured(secure);
  const stranger = settings(port, { security, ca: otherCaCertificate });
  await expect(deliver(stranger)).rejects.toMatchObject({ kind: "server", message: expect.stringContaining("TLS") });
  expect(sink.taken).toEqual([]);
});

test("a server that cannot do STARTTLS gets neither password nor mail", async () => {
  const seen: string[] = [];
  const sink = new MailSink({
    disabledCommands: ["STARTTLS"],
    authOptional: true,
    allowInsecureAuth: true,
    onAuth: ({ password }, _session, callback) => {
      seen.push(String(password));
      callback(null, { user: "x" });
    },
  });
  sinks.push(sink);
  await expect(deliver(settings(await sink.start(), {}))).rejects.toMatchObject({ kind: "server" });
  expect(seen).toEqual([]);
  expect(sink.taken).toEqual([]);
});

import { createTransport } from "nodemailer";
import type { Channel, Outgoing } from "@/domain/notifications/channel";
import { messageIdOf } from "@/domain/notifications/delivery/attempt";
import type { SecurityMode } from "@/domain/notifications/schema";
import { allowedAddresses, type OutboundPolicy } from "@/lib/outbound";
import { classifyAddress } from "@/lib/outbound-address";
import { OutboundError } from "@/lib/outbound-error";
import { failureOf } from "./failure";

/** How to reach the mail server; the password is open here and nowhere else. */
export interface SmtpSettings {
  host: string;
  port: number;
  security: SecurityMode;
  username: string | null;
  password: string | null;
  fromAddress: string;
  fromName: string;
  /** Milliseconds of silence that end a conversation. */
  patienceMs?: number;
  /** PEM of a private CA; tests. */
  ca?: string;
}

/** What identifies the connection's host to TLS: a name, never an address. */
const serverName = (host: string) => (/^[\d.]+$|:/.test(host) ? {} : { servername: host });

/**
 * Opens a connection pool to a mail server that a person named: its addresses are resolved once, all checked, and the first is connected to,
 * with the name for TLS. Without TLS only this machine is spoken to. Errors: DeliveryError of kind `server`.
 */
export async function openSmtp(settings: SmtpSettings, policy: OutboundPolicy): Promise<Channel> {
  const { host, port, security, username, password, fromAddress, fromName, patienceMs = 30_000 } = settings;
  let address: string;
  try {
    const addresses = await allowedAddresses(host, policy);
    if (security === "none" && addresses.some((one) => classifyAddress(one) !== "loopback")) {
      throw new OutboundError("invalid_url", `${host} is not on this machine, so it must be spoken to by TLS.`);
    }
    address = addresses.find((one) => one.includes(".")) ?? addresses[0] ?? host;
  } catch (error) {
    throw failureOf(error, host);
  }
  const transport = createTransport({
    pool: true,
    maxConnections: 2,
    maxMessages: 100,
    host: address,
    port,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    ...(username === null ? {} : { auth: { user: username, pass: password ?? "" } }),
    tls: { minVersion: "TLSv1.2", ...serverName(host), ...(settings.ca === undefined ? {} : { ca: settings.ca }) },
    connectionTimeout: Math.min(15_000, patienceMs),
    greetingTimeout: Math.min(20_000, patienceMs),
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  });
  const send = async (message: Outgoing, signal: AbortSignal): Promise<string> => {
    signal.throwIfAborted();
    const { unsubscribeUrl } = message;
    const info = await transport.sendMail({
      from: { name: fromName, address: fromAddress },
      to: { name: "", address: message.to },
      envelope: { from: fromAddress, to: [message.to] },
      subject: message.subject,
      html: message.html,
      text: message.text,
      messageId: messageIdOf(message.deliveryId, fromAddress),
      headers: {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        ...(unsubscribeUrl === null
          ? {}
          : { "List-Unsubscribe": `<${unsubscribeUrl}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" }),
      },
    });
    return info.response;
  };
  return {
    send: (message, signal) =>
      send(message, signal).catch((error: unknown) => {
        throw failureOf(error, host);
      }),
    close: () => transport.close(),
  };
}

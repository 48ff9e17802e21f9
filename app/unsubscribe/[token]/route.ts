import { allowAttempt } from "@/domain/access/throttle/store";
import { unsubscribe } from "@/domain/notifications/mutations";
import { recipientOfToken } from "@/domain/notifications/unsubscribe-token";
import { keyRing } from "@/lib/crypto-key";

const HOUR = 3_600_000;

/**
 * The one POST of RFC 8058, sent by a mailbox's own button: no cookie, no page, the signed token is the right. It can only end mail, and
 * twice is no error.
 */
export async function POST(_request: Request, { params }: { params: Promise<{ token: string }> }): Promise<Response> {
  const { token } = await params;
  const recipient = recipientOfToken(token.slice(0, 200), keyRing());
  if (recipient === null) return new Response("This link is incomplete.\n", { status: 404 });
  if (!(await allowAttempt(`unsubscribe:${recipient}`, 30, HOUR)))
    return new Response("Try again later.\n", { status: 429 });
  await unsubscribe(recipient);
  return new Response("Unsubscribed.\n", { status: 200 });
}

/** A client without the button opens the address: the page asks. Reading ends nothing. */
export async function GET(_request: Request, { params }: { params: Promise<{ token: string }> }): Promise<Response> {
  const { token } = await params;
  return new Response(null, {
    status: 303,
    headers: { Location: `/unsubscribe?token=${encodeURIComponent(token.slice(0, 200))}` },
  });
}

import { createHmac, hkdfSync } from "node:crypto";
import { equalInConstantTime, type KeyRing } from "@/lib/crypto";

/** A key of its own for this purpose, derived from one that encrypts. */
const keyOf = (key: Buffer): Buffer => Buffer.from(hkdfSync("sha256", key, "", "seawall-unsubscribe", 32));
const sign = (recipientId: string, key: Buffer): string =>
  createHmac("sha256", keyOf(key)).update(recipientId).digest("base64url");

/** The token of a recipient's unsubscribe link: his id and a signature. It ends mail and does nothing else, so it does not expire. */
export const unsubscribeToken = (recipientId: string, ring: KeyRing): string =>
  `${recipientId.replaceAll("-", "")}.${sign(recipientId, ring.current.key)}`;

/** The recipient a token was made for; null for any other text. Keys of before a rotation count. */
export function recipientOfToken(token: string, ring: KeyRing): string | null {
  const match = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})\.([A-Za-z0-9_-]{43})$/.exec(token);
  if (match === null) return null;
  const id = match.slice(1, 6).join("-");
  const valid = [...ring.keys.values()].some(({ key }) => equalInConstantTime(sign(id, key), match[6] ?? ""));
  return valid ? id : null;
}

import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";

/** A credential could not be sealed or opened. Never holds key or plain text. */
export class CryptoError extends Error {
  override name = "CryptoError";
  constructor(
    readonly code: "unknown_key" | "damaged" | "bad_key" | "key_file",
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A 32-byte key-encryption key; `kid` is derived from it and is no secret. */
export interface EncryptionKey {
  kid: string;
  key: Buffer;
}
/** `current` seals; every key, the current one included, may open. */
export interface KeyRing {
  current: EncryptionKey;
  keys: ReadonlyMap<string, EncryptionKey>;
}
/** Where a secret belongs. A sealed secret opens nowhere else. */
export interface SecretPlace {
  accountId: string;
  field: string;
}

const VERSION = 1;
const boxSchema = z.strictObject({ iv: z.base64(), tag: z.base64(), data: z.base64() });
type Box = z.infer<typeof boxSchema>;
/** A sealed secret as it is stored: the data key wrapped by `kid`, and the text under the data key. All bytes in base64. */
export const sealedSchema = z.strictObject({
  version: z.literal(VERSION),
  kid: z.string(),
  dataKey: boxSchema,
  text: boxSchema,
});
export type Sealed = z.infer<typeof sealedSchema>;

function encrypt(key: Buffer, plain: Buffer, bound: readonly (string | number)[]): Box {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: 16 });
  cipher.setAAD(Buffer.from(JSON.stringify(bound)));
  const data = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { iv: iv.toString("base64"), tag: cipher.getAuthTag().toString("base64"), data: data.toString("base64") };
}

function decrypt(key: Buffer, box: Box, bound: readonly (string | number)[]): Buffer {
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(box.iv, "base64"), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(JSON.stringify(bound)));
    decipher.setAuthTag(Buffer.from(box.tag, "base64"));
    return Buffer.concat([decipher.update(Buffer.from(box.data, "base64")), decipher.final()]);
  } catch (cause) {
    const message = "A stored credential was changed or belongs to another account or field. Enter it again.";
    throw new CryptoError("damaged", message, { cause });
  }
}

const boundTo = (place: SecretPlace) => [place.accountId, place.field, VERSION];

/** Encrypts a credential under a key of its own, bound to its account, field and format version. */
export function seal(plain: string, place: SecretPlace, ring: KeyRing): Sealed {
  const dataKey = randomBytes(32);
  const { kid, key } = ring.current;
  const sealed: Sealed = {
    version: VERSION,
    kid,
    dataKey: encrypt(key, dataKey, [kid, ...boundTo(place)]),
    text: encrypt(dataKey, Buffer.from(plain, "utf8"), boundTo(place)),
  };
  dataKey.fill(0);
  return sealed;
}

function unwrap(stored: unknown, place: SecretPlace, ring: KeyRing): { sealed: Sealed; dataKey: Buffer } {
  const parsed = sealedSchema.safeParse(stored);
  if (!parsed.success) throw new CryptoError("damaged", "A stored credential has an unknown format. Enter it again.");
  const sealed = parsed.data;
  const known = ring.keys.get(sealed.kid);
  if (!known) {
    const message = `A stored credential needs the key ${sealed.kid}. Restore SEAWALL_KEY, SEAWALL_KEY_PREVIOUS or the key file, or enter the credential again.`;
    throw new CryptoError("unknown_key", message);
  }
  return { sealed, dataKey: decrypt(known.key, sealed.dataKey, [sealed.kid, ...boundTo(place)]) };
}

/** Opens what `seal` made (as stored, any JSON). Errors: CryptoError `damaged`, `unknown_key`. */
export function open(stored: unknown, place: SecretPlace, ring: KeyRing): string {
  const { sealed, dataKey } = unwrap(stored, place, ring);
  const plain = decrypt(dataKey, sealed.text, boundTo(place));
  dataKey.fill(0);
  return plain.toString("utf8");
}

/** The same secret with its data key under the ring's current key; the text itself is not decrypted. Errors as `open`. */
export function rewrap(stored: unknown, place: SecretPlace, ring: KeyRing): Sealed {
  const { sealed, dataKey } = unwrap(stored, place, ring);
  const { kid, key } = ring.current;
  return { ...sealed, kid, dataKey: encrypt(key, dataKey, [kid, ...boundTo(place)]) };
}

/** A URL-safe random token of `bytes` random bytes. */
export const randomToken = (bytes = 32): string => randomBytes(bytes).toString("base64url");

/** What is stored of a one-time token: 64 hex digits. Only for tokens of `randomToken`, never for passwords. */
export const sha256Hex = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

/** Compares two texts in a time that tells nothing of where, or in length, they differ. */
export function equalInConstantTime(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text, "utf8").digest();
  return timingSafeEqual(digest(left), digest(right));
}

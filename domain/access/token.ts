import { createHash, randomBytes } from "node:crypto";

/** A new one-time token: 256 random bits in base64url. Only its hash is stored. */
export const newToken = (): string => randomBytes(32).toString("base64url");

/** SHA-256 in hex, as `OneTimeToken.hash` keeps it. A token has 256 bits of its own, so it needs no salt. */
export const hashToken = (token: string): string => createHash("sha256").update(token).digest("hex");

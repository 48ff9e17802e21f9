import { createHash } from "node:crypto";

/** JSON values only: what `JSON.parse` returns. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Canonical JSON (RFC 8785): keys in the order of their UTF-16 code units, no blanks, numbers as ECMAScript writes them. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(",")}}`;
}
// Array.isArray does not narrow a readonly array.
const isList = (value: object): value is readonly Json[] => Array.isArray(value);

/** What the digest of an entry covers: every column but its place in the chain. `at` is in UTC with six decimals of a second. */
export interface AuditRecord {
  id: string;
  at: string;
  actorId: string | null;
  actor: string;
  tokenId: string | null;
  action: string;
  target: string;
  accountId: string | null;
  address: string | null;
  userAgent: string | null;
  before: Json;
  after: Json;
  detail: Json;
}

/** SHA-256 over the canonical JSON of an entry. */
export const digestOf = (entry: AuditRecord): Buffer =>
  createHash("sha256")
    .update(canonicalJson({ ...entry }), "utf8")
    .digest();

/** The next hash of the chain. */
export const linkOf = (previous: Buffer, digest: Buffer): Buffer =>
  createHash("sha256").update(previous).update(digest).digest();

/** The hash before the first entry. */
export const FIRST_LINK: Buffer = Buffer.alloc(32);

/** Readers for JSON of unknown shape: what is not of the asked kind reads as empty, never throws. */
export type Json = Readonly<Record<string, unknown>>;

export const record = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string => (typeof value === "string" ? value : "");
export const texts = (value: unknown): string[] =>
  list(value).filter((item): item is string => typeof item === "string");
/** A map of strings, e.g. labels. Values that are no strings are left out. */
export const stringMap = (value: unknown): ReadonlyMap<string, string> =>
  new Map(Object.entries(record(value)).filter((entry): entry is [string, string] => typeof entry[1] === "string"));

/** Longest names that are kept; Kubernetes allows 253. */
const MAX_NAME = 512;

/** Names with NUL or lone surrogates can be no Kubernetes names, and PostgreSQL would refuse them. */
export const isStorableName = (value: unknown): value is string =>
  typeof value === "string" &&
  value !== "" &&
  value.length <= MAX_NAME &&
  !value.includes("\0") &&
  !/\p{Cs}/u.test(value);

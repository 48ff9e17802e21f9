/** Control characters and line ends: one of them would forge a header or a line of its own. */
const BREAKING = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
/** What reorders or hides text: bidi marks and overrides, zero-width and filler characters, tags; and what has no meaning here. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Cs}\p{Co}]/gu;
/** More than two combining marks in a row climb over the lines above. */
const STACKED = /(\p{M}{2})\p{M}+/gu;

/** What a cluster, a cloud or a person calls something, as one visible line of at most `max` characters, cut in its middle. */
export function clean(text: string, max = 80): string {
  const visible = text
    .slice(0, 4000)
    .normalize("NFC")
    .replace(BREAKING, " ")
    .replace(UNSEEN, "")
    .replace(STACKED, "$1")
    .replace(/\s+/gu, " ")
    .trim();
  const letters = [...visible];
  if (letters.length <= max) return visible === "" ? "(no name)" : visible;
  const head = Math.ceil((max - 1) * 0.6);
  return `${letters.slice(0, head).join("")}…${letters.slice(letters.length - (max - 1 - head)).join("")}`;
}

/** Where a mail client would make a link out of bare words: a dot or colon before a letter or slash, an at sign. */
const LINKISH = /(?<=\S)([.@:])(?=[\p{L}/])|(?<=[\p{L}\p{N}])(@)(?=\S)/gu;

/** Pieces of a text between which a client must not see an address: only the base address may be a link. */
export const linkless = (text: string): string[] => text.replace(LINKISH, "$1$2\u0000").split("\u0000");

/** The same for plain text, with the invisible word joiner at the seams. */
export const linklessText = (text: string): string => linkless(text).join("\u2060");

/** A link below the base address, whatever it is asked for: another origin's path is put on ours. */
export function linkTo(base: string, path: string): string {
  const origin = new URL(base);
  const wanted = new URL(path, origin);
  const prefix = origin.pathname.replace(/\/+$/, "");
  const below = wanted.pathname.startsWith(`${prefix}/`) ? wanted.pathname : `${prefix}${wanted.pathname}`;
  return `${origin.origin}${below}${wanted.search}${wanted.hash}`;
}

const WHOLE = new Intl.NumberFormat("en-GB");
export const plural = (amount: number, one: string, many = `${one}s`): string =>
  `${WHOLE.format(amount)} ${amount === 1 ? one : many}`;

/** "a", "a and b", "a, b and c" */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;

/** Blocks that only private networks hold, with the length of their prefix. */
const PRIVATE: readonly (readonly [RegExp, number])[] = [
  [/^10\./, 8],
  [/^172\.(1[6-9]|2[0-9]|3[01])\./, 12],
  [/^192\.168\./, 16],
  [/^f[cd]/i, 7],
];
const SINGLE = 128;

/** How little of the internet a range lets in, in bits of a prefix of IPv6; what is no range restricts nothing. */
function narrowness(range: string): number {
  const [, address, bits] = /^([0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*)(?:\/(\d{1,3}))?$/i.exec(range) ?? [];
  if (address === undefined) return 0;
  if (bits === undefined || PRIVATE.some(([block, own]) => block.test(address) && Number(bits) >= own)) return SINGLE;
  // Sites are given a /16 of IPv4, or a /32 of IPv6.
  return Number(bits) * (address.includes(":") ? 1 : 2);
}

/** Ranges that let in many before those that let in few: a message shows the first ones only. In their order otherwise. */
export const widestFirst = (ranges: readonly string[]): string[] =>
  ranges
    .map((range) => ({ range, bits: narrowness(range) }))
    .sort((a, b) => a.bits - b.bits)
    .map(({ range }) => range);

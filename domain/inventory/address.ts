/** Addresses from the first to the last, both in it, as numbers; `bits` (32 or 128) tells IPv4 from IPv6. */
export interface AddressRange {
  bits: number;
  first: bigint;
  last: bigint;
}

function ipv4(text: string): bigint | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return null;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function ipv6(text: string): bigint | null {
  const tail = ipv4(text.slice(text.lastIndexOf(":") + 1));
  const hex = tail === null ? text : `${text.slice(0, text.lastIndexOf(":") + 1)}${tail >> 16n}:${tail & 0xffffn}`;
  const sides = hex.split("::").map((side) => (side === "" ? [] : side.split(":")));
  const [left = [], right] = sides;
  const missing = 8 - left.length - (right?.length ?? 0);
  if (sides.length > 2 || (right === undefined ? missing !== 0 : missing < 1)) return null;
  const groups = [...left, ...Array<string>(missing).fill("0"), ...(right ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

/** An address or a CIDR, of IPv4 or IPv6; null when it is neither. Bits behind the prefix do not matter. */
export function rangeOf(cidr: string): AddressRange | null {
  const [base = "", prefix] = cidr.split("/");
  const bits = base.includes(":") ? 128 : 32;
  const address = bits === 128 ? ipv6(base) : ipv4(base);
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (address === null || !(length <= bits)) return null;
  const size = 2n ** BigInt(bits - length);
  const first = (address / size) * size;
  return { bits, first, last: first + size - 1n };
}

export const isWithin = (inner: AddressRange, outer: AddressRange): boolean =>
  inner.bits === outer.bits && inner.first >= outer.first && inner.last <= outer.last;

/** What is left of a range without the others, from the first address to the last. */
export function without(range: AddressRange, others: readonly AddressRange[]): AddressRange[] {
  const { bits, last: end } = range;
  const taken = others.filter((one) => one.bits === bits && one.first <= one.last && one.first <= end);
  taken.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const left: AddressRange[] = [];
  let next = range.first;
  for (const { first, last } of taken) {
    if (first > next) left.push({ bits, first: next, last: first - 1n });
    if (last >= next) next = last + 1n;
  }
  if (next <= end) left.push({ bits, first: next, last: end });
  return left;
}

/** The same addresses as ranges of which no two meet, from the first to the last. */
export const merged = (whole: AddressRange, ranges: readonly AddressRange[]): AddressRange[] =>
  without(whole, without(whole, ranges));

/** All addresses of IPv4, and all of IPv6. */
export const WORLDS: readonly AddressRange[] = [32, 128].map((bits) => ({
  bits,
  first: 0n,
  last: 2n ** BigInt(bits) - 1n,
}));

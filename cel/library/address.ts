import { isInt, Opaque, type Result, type Value } from "../value/boxed";
import { BAD_ARGUMENT, NO_OVERLOAD } from "../value/fault";
import type { Implementation, Library } from "./library";

type Family = 4 | 6;
const WIDTH: Readonly<Record<Family, bigint>> = { 4: 32n, 6: 128n };

class Ip extends Opaque {
  readonly $name = "net.IP";
  constructor(
    readonly $family: Family,
    readonly $bits: bigint,
  ) {
    super();
  }
  $same(other: Opaque): boolean {
    return other instanceof Ip && other.$family === this.$family && other.$bits === this.$bits;
  }
}

class Cidr extends Opaque {
  readonly $name = "net.CIDR";
  constructor(
    readonly $ip: Ip,
    readonly $length: number,
  ) {
    super();
  }
  $same(other: Opaque): boolean {
    return other instanceof Cidr && other.$length === this.$length && other.$ip.$same(this.$ip);
  }
}

/** As Kubernetes reads addresses: no zones, no leading zeros, no IPv4 mapped into IPv6; null for anything else. */
function parseIp(text: string): Ip | null {
  const ip = readIp(text);
  return ip?.$family === 6 && ip.$bits >> 32n === 0xffffn ? null : ip;
}

/** As Go reads addresses without a zone: the last two groups of IPv6 may be written as IPv4. */
export function readIp(text: string): Ip | null {
  if (text.length > 45) return null;
  if (!text.includes(":")) return parseFour(text);
  const tail = text.slice(text.lastIndexOf(":") + 1);
  const four = tail.includes(".") ? parseFour(tail) : undefined;
  if (four === null) return null;
  const groups = four === undefined ? text : `${text.slice(0, -tail.length)}${lastGroups(four)}`;
  return parseSix(groups);
}

const lastGroups = ({ $bits }: Ip): string => `${($bits >> 16n).toString(16)}:${($bits & 0xffffn).toString(16)}`;

function parseSix(text: string): Ip | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...Array<string>(halves.length === 2 ? missing : 0).fill("0"), ...tail];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return null;
  return new Ip(
    6,
    groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n),
  );
}

function parseFour(text: string): Ip | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return null;
  return new Ip(
    4,
    parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n),
  );
}

function parseCidr(text: string): Cidr | null {
  const [, address = "", length = ""] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const ip = parseIp(address);
  return ip === null || BigInt(length) > WIDTH[ip.$family] ? null : new Cidr(ip, Number(length));
}

/** The canonical text: IPv6 in lower case with its longest run of zeros cut out. */
export function textOfIp({ $family, $bits }: Ip): string {
  if ($family === 4) return [24n, 16n, 8n, 0n].map((shift) => ($bits >> shift) & 255n).join(".");
  const groups = Array.from({ length: 8 }, (_, index) => (($bits >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  let [from, best] = [0, 0];
  for (let index = 0; index < 8; index++) {
    const length = groups.slice(index).findIndex((group) => group !== "0");
    const run = length < 0 ? 8 - index : length;
    if (run > best) [from, best] = [index, run];
  }
  if (best < 2) return groups.join(":");
  return `${groups.slice(0, from).join(":")}::${groups.slice(from + best).join(":")}`;
}

const prefix = (ip: Ip, length: number): bigint => ip.$bits >> (WIDTH[ip.$family] - BigInt(length));
const containsIp = (cidr: Cidr, ip: Ip): boolean =>
  ip.$family === cidr.$ip.$family && prefix(ip, cidr.$length) === prefix(cidr.$ip, cidr.$length);

/** Tests of an address: the IPv4 and the IPv6 block each. */
const within = (four: string, six: string): Implementation => {
  const blocks = [parseCidr(four), parseCidr(six)];
  return ofIp((ip) => blocks.some((block) => block !== null && containsIp(block, ip)));
};
function ofIp(give: (ip: Ip) => Result): Implementation {
  return (ip) => (ip instanceof Ip ? give(ip) : NO_OVERLOAD);
}
const ofCidr =
  (give: (cidr: Cidr) => Result): Implementation =>
  (cidr) =>
    cidr instanceof Cidr ? give(cidr) : NO_OVERLOAD;
const ofText =
  (give: (text: string) => Result): Implementation =>
  (text) =>
    typeof text === "string" ? give(text) : NO_OVERLOAD;

function covers(cidr: Value, other: Value): Result {
  const inner = typeof other === "string" ? parseCidr(other) : other;
  if (!(cidr instanceof Cidr)) return NO_OVERLOAD;
  if (inner === null) return BAD_ARGUMENT;
  return inner instanceof Cidr ? inner.$length >= cidr.$length && containsIp(cidr, inner.$ip) : NO_OVERLOAD;
}

function holds(cidr: Value, other: Value): Result {
  const ip = typeof other === "string" ? parseIp(other) : other;
  if (!(cidr instanceof Cidr)) return NO_OVERLOAD;
  if (ip === null) return BAD_ARGUMENT;
  return ip instanceof Ip ? containsIp(cidr, ip) : NO_OVERLOAD;
}

function masked({ $ip, $length }: Cidr): Cidr {
  const shift = WIDTH[$ip.$family] - BigInt($length);
  return new Cidr(new Ip($ip.$family, ($ip.$bits >> shift) << shift), $length);
}

/** What `string()` gives for an address; undefined for other values. */
export function textOfAddress(value: Value): string | undefined {
  if (value instanceof Ip) return textOfIp(value);
  return value instanceof Cidr ? `${textOfIp(value.$ip)}/${value.$length}` : undefined;
}

/** Kubernetes' IP and CIDR libraries. */
export const addresses: Library = {
  "ip/1": ofText((text) => parseIp(text) ?? BAD_ARGUMENT),
  "isIP/1": ofText((text) => parseIp(text) !== null),
  "isIP/2": (text, family) =>
    typeof text === "string" && isInt(family) ? parseIp(text)?.$family === family : NO_OVERLOAD,
  "ip.isCanonical/1": ofText((text) => {
    const ip = parseIp(text);
    return ip === null ? BAD_ARGUMENT : textOfIp(ip) === text;
  }),
  "cidr/1": ofText((text) => parseCidr(text) ?? BAD_ARGUMENT),
  "isCIDR/1": ofText((text) => parseCidr(text) !== null),
  ".family/0": ofIp((ip) => ip.$family),
  ".isUnspecified/0": within("0.0.0.0/32", "::/128"),
  ".isLoopback/0": within("127.0.0.0/8", "::1/128"),
  ".isLinkLocalMulticast/0": ofIp(isLinkLocalMulticast),
  ".isLinkLocalUnicast/0": within("169.254.0.0/16", "fe80::/10"),
  ".isGlobalUnicast/0": ofIp(isGlobalUnicast),
  ".containsIP/1": holds,
  ".containsCIDR/1": covers,
  ".ip/0": ofCidr((cidr) => cidr.$ip),
  ".masked/0": ofCidr(masked),
  ".prefixLength/0": ofCidr((cidr) => cidr.$length),
};

const NOT_GLOBAL = [
  "0.0.0.0/32",
  "255.255.255.255/32",
  "127.0.0.0/8",
  "224.0.0.0/4",
  "169.254.0.0/16",
  "::/128",
  "::1/128",
  "ff00::/8",
  "fe80::/10",
].map(parseCidr);
/** Go's meaning: private ranges are global too. */
function isGlobalUnicast(ip: Ip): boolean {
  return !NOT_GLOBAL.some((block) => block !== null && containsIp(block, ip));
}

/** 224.0.0.0/24, or ff02::/16 with any flags. */
function isLinkLocalMulticast({ $family, $bits }: Ip): boolean {
  return $family === 4 ? $bits >> 8n === 0xe00000n : (($bits >> 112n) & 0xff0fn) === 0xff02n;
}

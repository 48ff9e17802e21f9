import ipaddr from "ipaddr.js";

/** Addresses where clouds hand out credentials. Never reachable, whatever an operator allows. */
const METADATA: readonly [string, number][] = [
  ["169.254.0.0", 16],
  ["100.100.100.200", 32],
  ["168.63.129.16", 32],
  ["192.0.0.192", 32],
  ["fd00:ec2::", 32],
  ["fd20:ce::254", 128],
];
const metadata = METADATA.map(([address, bits]) => [ipaddr.parse(address), bits] as const);

export type AddressClass = "public" | "private" | "loopback" | "forbidden";

const V4: Record<string, AddressClass> = {
  unicast: "public",
  private: "private",
  carrierGradeNat: "private",
  loopback: "loopback",
};
const V6: Record<string, AddressClass> = { unicast: "public", uniqueLocal: "private", loopback: "loopback" };

/** The IPv4 address inside a translated IPv6 address (v4-mapped, NAT64, SIIT), or null. */
function embedded(address: ipaddr.IPv6): ipaddr.IPv4 | null {
  const bytes = address.toByteArray();
  const range = address.range();
  if (range === "ipv4Mapped" || range === "rfc6145" || range === "rfc6052") return new ipaddr.IPv4(bytes.slice(12));
  return null;
}

/**
 * Classifies one textual address as a resolver gives it. Allow-list: every special range that is not named here, an
 * address with a zone and anything that does not parse is `forbidden`. 6to4, Teredo and ::/96 are forbidden whatever they wrap.
 */
export function classifyAddress(text: string): AddressClass {
  if (text.includes("%") || !(ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text)))
    return "forbidden";
  const address = ipaddr.parse(text);
  const inner = address instanceof ipaddr.IPv6 ? (embedded(address) ?? address) : address;
  for (const [network, bits] of metadata) {
    if (network.kind() === inner.kind() && inner.match([network, bits] as never)) return "forbidden";
  }
  if (inner instanceof ipaddr.IPv4) return V4[inner.range()] ?? "forbidden";
  if (inner.range() === "unicast" && !inner.match(ipaddr.IPv6.parse("2000::"), 3)) return "forbidden";
  return V6[inner.range()] ?? "forbidden";
}

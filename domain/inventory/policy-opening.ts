import { type AddressRange, merged, rangeOf, WORLDS, without } from "./address";
import { list, record, text } from "./json";

export const isEmptySelector = (selector: unknown): boolean => {
  const { matchLabels, matchExpressions } = record(selector);
  return Object.keys(record(matchLabels)).length === 0 && list(matchExpressions).length === 0;
};
/** Kubernetes gives every namespace this label: to ask that it exists chooses all of them. */
const EVERY_NAMESPACE = "kubernetes.io/metadata.name";
const isEveryNamespace = (selector: unknown): boolean => {
  const { matchLabels, matchExpressions } = record(selector);
  const chooses = list(matchExpressions).map(record);
  return (
    Object.keys(record(matchLabels)).length === 0 &&
    chooses.every(({ key, operator }) => key === EVERY_NAMESPACE && operator === "Exists")
  );
};
/** `world`: every address. `cluster`: every pod of every namespace. */
export type Breadth = "world" | "cluster";

export const rangesIn = (values: unknown): AddressRange[] =>
  list(values).flatMap((value) => rangeOf(text(value)) ?? []);

/** All ports of TCP. */
const PORTS: AddressRange = { bits: 16, first: 1n, last: 65_535n };
export const isTcp = (protocol: unknown): boolean => protocol === undefined || protocol === null || protocol === "TCP";

/** Whether ranges are all of one of these. */
const fill = (wholes: readonly AddressRange[], ranges: readonly AddressRange[]): boolean =>
  wholes.some((whole) => without(whole, ranges).length === 0);

/** Addresses that peers name. */
const addressesOf = (peers: readonly unknown[]): AddressRange[] =>
  peers.flatMap((peer) => {
    const { cidr, except } = record(record(peer).ipBlock);
    return rangesIn([cidr]).flatMap((range) => without(range, rangesIn(except)));
  });

/** Whether one of the peers is every pod of every namespace. */
const isEveryPod = (peer: unknown): boolean => {
  const { namespaceSelector, podSelector } = record(peer);
  if (namespaceSelector === undefined || namespaceSelector === null) return false;
  return isEveryNamespace(namespaceSelector) && isEmptySelector(podSelector);
};

/** Ports of TCP that are named; whatever else stays closed, nothing is held back by that. */
const portsOf = (ports: readonly unknown[]): AddressRange[] =>
  ports.map(record).flatMap(({ port, endPort, protocol }): AddressRange[] => {
    if (!isTcp(protocol)) return [];
    if (port === undefined || port === null) return [PORTS];
    if (typeof port !== "number" || !Number.isInteger(port)) return [];
    const end = typeof endPort === "number" && Number.isInteger(endPort) ? endPort : port;
    return [{ bits: 16, first: BigInt(port), last: BigInt(end) }];
  });

/** What rules can open in pieces: all addresses of IPv4, or of IPv6, or all ports. */
const WHOLES = [...WORLDS, PORTS];

/** What a policy's rules open in one direction, so that several policies can be added up. */
export interface Opening {
  /** Everything: every port from (or to) everything of the breadth. `{}` does, and so do pieces of it. */
  all: boolean;
  /** Otherwise the pieces of each of WHOLES that are opened, of which no two meet, and what share of it they are. */
  parts: readonly { pieces: readonly AddressRange[]; share: number }[];
}

/** What rules together open. */
export function openingOf(rules: readonly unknown[], peersKey: "from" | "to", breadth: Breadth): Opening {
  const read = rules.map(record).map(({ ports, [peersKey]: said }) => {
    const [peers, addresses] = [list(said), addressesOf(list(said))];
    return {
      addresses,
      ports: list(ports),
      isOpen: list(ports).length === 0 || fill([PORTS], portsOf(list(ports))),
      isToAll: peers.length === 0 || fill(WORLDS, addresses) || (breadth === "cluster" && peers.some(isEveryPod)),
    };
  });
  const open = read.filter(({ isOpen }) => isOpen);
  const toAll = read.filter(({ isToAll }) => isToAll);
  const opened = [...open.flatMap(({ addresses }) => addresses), ...toAll.flatMap(({ ports }) => portsOf(ports))];
  if (open.some(({ isToAll }) => isToAll) || fill(WHOLES, opened)) return { all: true, parts: [] };
  const parts = WHOLES.map((whole) => {
    const pieces = merged(whole, opened);
    return { pieces, share: pieces.reduce((sum, piece) => sum + Number(sizeOf(piece)), 0) / Number(sizeOf(whole)) };
  });
  return { all: false, parts };
}
const sizeOf = ({ first, last }: AddressRange): bigint => last - first + 1n;

/** Pieces of several policies are added up when they may be everything, and there are no more of them than this. */
const MOST_PIECES = 1000;
/** What shares may be off by, being no whole numbers. */
const ROUNDING = 1e-6;

/** Whether several policies' rules open everything together; undefined when they are in too many pieces to tell. */
export function allowTogether(openings: readonly Opening[]): boolean | undefined {
  if (openings.length === 0) return false;
  if (openings.some(({ all }) => all)) return true;
  const told = WHOLES.map((whole, at) => {
    let [share, pieces] = [0, 0];
    for (const { parts } of openings) {
      share += parts[at]?.share ?? 0;
      pieces += parts[at]?.pieces.length ?? 0;
    }
    if (share < 1 - ROUNDING) return false;
    if (pieces > MOST_PIECES) return undefined;
    return fill(
      [whole],
      openings.flatMap(({ parts }) => parts[at]?.pieces ?? []),
    );
  });
  return told.includes(true) ? true : told.includes(undefined) ? undefined : false;
}

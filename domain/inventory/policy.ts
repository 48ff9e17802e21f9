import { type AddressRange, holdEvery, isWithin, rangeOf, without } from "./address";
import { list, record, text, texts } from "./json";
import type { Distribution, KubernetesObject } from "./schema";
import { areLabels, isAbsentOrList, isAbsentOrMap, isSelector, selects } from "./selector";

const isMap = (value: unknown): boolean => value !== undefined && value !== null && isAbsentOrMap(value);
const isPeer = (peer: unknown): boolean => {
  const { podSelector, namespaceSelector, ipBlock } = record(peer);
  return isMap(peer) && isSelector(podSelector) && isSelector(namespaceSelector) && isAbsentOrMap(ipBlock);
};
const isRule = (rule: unknown): boolean => {
  const { from, to, ports } = record(rule);
  return isMap(rule) && [from, to].every((peers) => isAbsentOrList(peers, isPeer)) && isAbsentOrList(ports, isMap);
};

/** Whether everything that decides what a policy does can be read. A policy that can't must count as nothing known. */
function isPolicy({ spec }: KubernetesObject): boolean {
  const { podSelector, policyTypes, ingress, egress } = record(spec);
  return (
    isMap(spec) &&
    isSelector(podSelector) &&
    isAbsentOrList(policyTypes, (type) => type === "Ingress" || type === "Egress") &&
    isAbsentOrList(ingress, isRule) &&
    isAbsentOrList(egress, isRule)
  );
}

/** NetworkPolicy directions as Kubernetes defaults them: ingress always, egress when it has egress rules. */
function directions(policy: KubernetesObject): { ingress: boolean; egress: boolean } {
  const { policyTypes, egress } = record(policy.spec);
  const types = texts(policyTypes);
  if (types.length === 0) return { ingress: true, egress: list(egress).length > 0 };
  return { ingress: types.includes("Ingress"), egress: types.includes("Egress") };
}

const isEmptySelector = (selector: unknown): boolean => {
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
type Breadth = "world" | "cluster";

const rangesIn = (values: unknown): AddressRange[] => list(values).flatMap((value) => rangeOf(text(value)) ?? []);

/** Whether peers together are everything of that breadth: one of them, or ranges that add up. */
function areAll(peers: readonly unknown[], breadth: Breadth): boolean {
  const ranges = peers.flatMap((peer) => {
    const { cidr, except } = record(record(peer).ipBlock);
    return rangesIn([cidr]).flatMap((range) => without(range, rangesIn(except)));
  });
  if (holdEvery(ranges)) return true;
  if (breadth === "world") return false;
  return peers.some((peer) => {
    const { namespaceSelector, podSelector } = record(peer);
    if (namespaceSelector === undefined || namespaceSelector === null) return false;
    return isEveryNamespace(namespaceSelector) && isEmptySelector(podSelector);
  });
}

/** Whether ports together are every one of TCP: whatever else stays closed, nothing is held back by that. */
function areAllPorts(ports: readonly unknown[]): boolean {
  const last = 65_535n;
  const ranges = ports.map(record).flatMap(({ port, endPort, protocol }): AddressRange[] => {
    if (!isTcp(protocol)) return [];
    if (port === undefined || port === null) return [{ bits: 16, first: 0n, last }];
    if (typeof port !== "number" || !Number.isInteger(port)) return [];
    const end = typeof endPort === "number" && Number.isInteger(endPort) ? endPort : port;
    return [{ bits: 16, first: BigInt(port), last: BigInt(end) }];
  });
  return without({ bits: 16, first: 1n, last }, ranges).length === 0;
}
const isTcp = (protocol: unknown): boolean => protocol === undefined || protocol === null || protocol === "TCP";

/** Whether rules together allow every port from (or to) everything of that breadth: `{}` does, and so do pieces of it. */
function allowAll(rules: readonly unknown[], peersKey: "from" | "to", breadth: Breadth): boolean {
  const read = rules.map(record).map(({ ports, [peersKey]: peers }) => ({ ports: list(ports), peers: list(peers) }));
  const isOpen = ({ ports }: { ports: readonly unknown[] }): boolean => ports.length === 0 || areAllPorts(ports);
  const isToAll = ({ peers }: { peers: readonly unknown[] }): boolean => peers.length === 0 || areAll(peers, breadth);
  const [open, toAll] = [read.filter(isOpen), read.filter(isToAll)];
  return (
    open.some(isToAll) ||
    areAll(
      open.flatMap(({ peers }) => peers),
      breadth,
    ) ||
    areAllPorts(toAll.flatMap(({ ports }) => ports))
  );
}

/** What policies do to the pods that they concern, in one direction. */
interface Effect {
  /** At least one holds traffic back. */
  held: boolean;
  /** They allow all of it again together, for policies add up: whatever else there is, it takes nothing away. */
  opened: boolean;
  /** Each could be read. */
  readable: boolean;
}

function effectOf(
  policies: readonly KubernetesObject[],
  direction: "ingress" | "egress",
  breadth: Breadth,
  concerns: (podSelector: unknown) => boolean,
): Effect {
  const rules: unknown[] = [];
  const peers = direction === "ingress" ? "from" : "to";
  let held = false;
  let readable = true;
  for (const policy of policies) {
    if (!isPolicy(policy)) {
      readable = false;
      continue;
    }
    const spec = record(policy.spec);
    if (!directions(policy)[direction] || !concerns(spec.podSelector)) continue;
    rules.push(...list(spec[direction]));
    held = true;
  }
  // Most pods are held by no rule at all, and none allows nothing.
  return { held, opened: rules.length > 0 && allowAll(rules, peers, breadth), readable };
}

/** Whether traffic is held back; undefined when a policy that could not be read may decide otherwise. */
const holds = ({ held, opened, readable }: Effect): boolean | undefined =>
  opened ? false : readable ? held : undefined;

const selecting =
  (labels: unknown) =>
  (selector: unknown): boolean =>
    selects(selector, labels);

/** Whether policies of a pod's own namespace hold its traffic back, by direction. A policy that allows all protects nothing. */
export function selectedBy(
  policies: readonly KubernetesObject[],
  labels: unknown,
): { ingress: boolean | undefined; egress: boolean | undefined } {
  if (!areLabels(labels)) return { ingress: undefined, egress: undefined };
  const effect = (direction: "ingress" | "egress") => effectOf(policies, direction, "world", selecting(labels));
  return { ingress: holds(effect("ingress")), egress: holds(effect("egress")) };
}

/** Whether those policies let everything through to a pod, or from it: no further policy takes that back. */
export const openedTo = (
  policies: readonly KubernetesObject[],
  direction: "ingress" | "egress",
  labels: unknown,
): boolean => areLabels(labels) && effectOf(policies, direction, "world", selecting(labels)).opened;

/**
 * Whether a namespace's policies isolate every pod: one selects all of them, and none that does lets the whole cluster in.
 * Policies that open single pods leave the default as it is.
 */
export const deniesIngressByDefault = (policies: readonly KubernetesObject[]): boolean | undefined =>
  holds(effectOf(policies, "ingress", "cluster", isEmptySelector));

/** The same for what pods send. */
export const deniesEgressByDefault = (policies: readonly KubernetesObject[]): boolean | undefined =>
  holds(effectOf(policies, "egress", "cluster", isEmptySelector));

/** Whether policies that select every pod let the whole cluster in, or out: no further policy takes that back. */
export const openedByDefault = (policies: readonly KubernetesObject[], direction: "ingress" | "egress"): boolean =>
  effectOf(policies, direction, "cluster", isEmptySelector).opened;

/** The directions in which a policy's own rules allow everything together, to or from every address, on every port. */
export function allowsAllOf(policy: KubernetesObject): string[] | undefined {
  if (!isPolicy(policy)) return undefined;
  const spec = record(policy.spec);
  const acts = directions(policy);
  return [
    ...(acts.ingress && allowAll(list(spec.ingress), "from", "world") ? ["ingress"] : []),
    ...(acts.egress && allowAll(list(spec.egress), "to", "world") ? ["egress"] : []),
  ];
}

/** Where the clouds answer a machine's questions about itself, with its credentials among the answers. */
const METADATA: Readonly<Record<Distribution, readonly string[]>> = {
  aks: ["169.254.169.254", "168.63.129.16"],
  eks: ["169.254.169.254", "fd00:ec2::254"],
  gke: ["169.254.169.254", "fd20:ce::254"],
  arc: ["169.254.169.254"], // where such a cluster runs is not known
};

/** Whether an egress rule of a policy names a range that holds a metadata address of the cloud, or no peer at all. */
export function opensMetadata(policy: KubernetesObject, distribution: Distribution = "arc"): boolean | undefined {
  if (!isPolicy(policy)) return undefined;
  if (!directions(policy).egress) return false;
  const addresses = rangesIn(METADATA[distribution]);
  return list(record(policy.spec).egress).some((rule) => {
    const { to, ports } = record(rule);
    const web = list(ports).map((port) => record(port));
    const reaches = ({ port, endPort, protocol }: Readonly<Record<string, unknown>>): boolean =>
      isTcp(protocol) &&
      (port === undefined ||
        port === null ||
        port === 80 ||
        port === "http" ||
        (typeof port === "number" && typeof endPort === "number" && port <= 80 && endPort >= 80));
    if (web.length > 0 && !web.some(reaches)) return false;
    if (list(to).length === 0) return true;
    return list(to).some((peer) => {
      const { cidr, except } = record(record(peer).ipBlock);
      const left = rangesIn([cidr]).flatMap((range) => without(range, rangesIn(except)));
      return addresses.some((address) => left.some((range) => isWithin(address, range)));
    });
  });
}

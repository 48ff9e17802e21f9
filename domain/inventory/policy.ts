import { list, record, text, texts } from "./json";
import type { KubernetesObject } from "./schema";
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

const EVERY_ADDRESS: ReadonlySet<unknown> = new Set(["0.0.0.0/0", "::/0"]);
const isEmptySelector = (selector: unknown): boolean => {
  const { matchLabels, matchExpressions } = record(selector);
  return Object.keys(record(matchLabels)).length === 0 && list(matchExpressions).length === 0;
};
/** `world`: every address. `cluster`: every pod of every namespace. */
type Breadth = "world" | "cluster";

/** Whether a rule allows every port from (or to) everything of that breadth: `{}` does. */
function allowsAll(rule: unknown, peersKey: "from" | "to", breadth: Breadth): boolean {
  const { ports, [peersKey]: peers } = record(rule);
  if (list(ports).length > 0) return false;
  if (list(peers).length === 0) return true;
  return list(peers).some((peer) => {
    const { ipBlock, namespaceSelector, podSelector } = record(peer);
    const { cidr, except } = record(ipBlock);
    if (EVERY_ADDRESS.has(cidr) && list(except).length === 0) return true;
    if (breadth === "world" || namespaceSelector === undefined || namespaceSelector === null) return false;
    return isEmptySelector(namespaceSelector) && isEmptySelector(podSelector);
  });
}

/**
 * Whether the policies hold traffic back: at least one does, and none of them allows all of it again, for policies add up.
 * Undefined when one that could not be read may decide otherwise.
 */
function holds(
  policies: readonly KubernetesObject[],
  direction: "ingress" | "egress",
  breadth: Breadth,
  concerns: (podSelector: unknown) => boolean,
): boolean | undefined {
  let held = false;
  let readable = true;
  for (const policy of policies) {
    if (!isPolicy(policy)) {
      readable = false;
      continue;
    }
    const spec = record(policy.spec);
    if (!directions(policy)[direction] || !concerns(spec.podSelector)) continue;
    const peers = direction === "ingress" ? "from" : "to";
    if (list(spec[direction]).some((rule) => allowsAll(rule, peers, breadth))) return false;
    held = true;
  }
  return readable ? held : undefined;
}

/** Whether policies of a pod's own namespace hold its traffic back, by direction. A policy that allows all protects nothing. */
export function selectedBy(
  policies: readonly KubernetesObject[],
  labels: unknown,
): { ingress: boolean | undefined; egress: boolean | undefined } {
  if (!areLabels(labels)) return { ingress: undefined, egress: undefined };
  const concerns = (selector: unknown): boolean => selects(selector, labels);
  return {
    ingress: holds(policies, "ingress", "world", concerns),
    egress: holds(policies, "egress", "world", concerns),
  };
}

/**
 * Whether a namespace's policies isolate every pod: one selects all of them, and none that does lets the whole cluster in.
 * Policies that open single pods leave the default as it is.
 */
export const deniesIngressByDefault = (policies: readonly KubernetesObject[]): boolean | undefined =>
  holds(policies, "ingress", "cluster", isEmptySelector);

/** The same for what pods send. */
export const deniesEgressByDefault = (policies: readonly KubernetesObject[]): boolean | undefined =>
  holds(policies, "egress", "cluster", isEmptySelector);

/** The directions in which one of a policy's own rules allows everything, to or from every address, on every port. */
export function allowsAllOf(policy: KubernetesObject): string[] | undefined {
  if (!isPolicy(policy)) return undefined;
  const spec = record(policy.spec);
  const acts = directions(policy);
  return [
    ...(acts.ingress && list(spec.ingress).some((rule) => allowsAll(rule, "from", "world")) ? ["ingress"] : []),
    ...(acts.egress && list(spec.egress).some((rule) => allowsAll(rule, "to", "world")) ? ["egress"] : []),
  ];
}

/** Where the clouds answer a machine's questions about itself, with its credentials among the answers. */
const METADATA = "169.254.169.254";
const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
function numberOf(address: string): number | null {
  const parts = IPV4.exec(address)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return null;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
/** Whether an IPv4 range holds an address; one of IPv6 never does. */
function holdsAddress(range: unknown, address: string): boolean {
  const [base = "", bits = "32"] = text(range).split("/");
  const [from, at] = [numberOf(base), numberOf(address)];
  if (from === null || at === null || !/^\d{1,2}$/.test(bits)) return false;
  const size = 2 ** (32 - Math.min(32, Number(bits)));
  return Math.floor(from / size) === Math.floor(at / size);
}

/** Whether an egress rule of a policy names a range that holds the metadata address, or no peer at all. */
export function opensMetadata(policy: KubernetesObject): boolean | undefined {
  if (!isPolicy(policy)) return undefined;
  if (!directions(policy).egress) return false;
  return list(record(policy.spec).egress).some((rule) => {
    const { to, ports } = record(rule);
    const web = list(ports).map((port) => record(port));
    const reaches = ({ port, endPort, protocol }: Readonly<Record<string, unknown>>): boolean =>
      (protocol === undefined || protocol === null || protocol === "TCP") &&
      (port === undefined ||
        port === null ||
        port === 80 ||
        port === "http" ||
        (typeof port === "number" && typeof endPort === "number" && port <= 80 && endPort >= 80));
    if (web.length > 0 && !web.some(reaches)) return false;
    if (list(to).length === 0) return true;
    return list(to).some((peer) => {
      const { cidr, except } = record(record(peer).ipBlock);
      return holdsAddress(cidr, METADATA) && !list(except).some((range) => holdsAddress(range, METADATA));
    });
  });
}

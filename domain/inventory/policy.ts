import { isWithin, without } from "./address";
import { Choice } from "./choice";
import { list, record, texts } from "./json";
import { onceFor } from "./once";
import {
  allowTogether,
  type Breadth,
  isEmptySelector,
  isTcp,
  type Opening,
  openingOf,
  rangesIn,
} from "./policy-opening";
import type { Distribution, KubernetesObject } from "./schema";
import { areLabels, isAbsentOrList, isAbsentOrMap, isSelector } from "./selector";

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

type Direction = "ingress" | "egress";

/** A policy that can be read: what it acts on, and what its rules open. */
class Policy {
  readonly acts: Readonly<Record<Direction, boolean>>;
  readonly podSelector: unknown;
  readonly #spec: Readonly<Record<string, unknown>>;
  readonly #openings: { [name in `${Direction} ${Breadth}`]?: Opening } = {};

  constructor(policy: KubernetesObject) {
    this.acts = directions(policy);
    this.#spec = record(policy.spec);
    this.podSelector = this.#spec.podSelector;
  }

  /** Worked out once: thousands of pods may be held by the same policy. */
  opening(direction: Direction, breadth: Breadth): Opening {
    const peers = direction === "ingress" ? "from" : "to";
    const made = (): Opening => openingOf(list(this.#spec[direction]), peers, breadth);
    const found = this.#openings[`${direction} ${breadth}`] ?? made();
    this.#openings[`${direction} ${breadth}`] = found;
    return found;
  }
}

/** The policies of a namespace. `every`: those that select all of its pods. */
const policiesIn = onceFor((policies: readonly KubernetesObject[]) => {
  const read = policies.filter(isPolicy).map((policy) => new Policy(policy));
  return {
    readable: read.length === policies.length,
    // An absent selector selects every pod, as an empty one does.
    choice: new Choice(read, ({ podSelector }) => podSelector ?? {}),
    every: read.filter(({ podSelector }) => isEmptySelector(podSelector)),
  };
});

/** What policies do to the pods that they concern, in one direction. */
interface Effect {
  /** At least one holds traffic back. */
  held: boolean;
  /** They allow all of it again together, for policies add up: whatever else there is, it takes nothing away. Undefined when nobody can tell. */
  opened: boolean | undefined;
}

function effectOf(policies: readonly Policy[], direction: Direction, breadth: Breadth): Effect {
  const acting = policies.filter(({ acts }) => acts[direction]);
  return { held: acting.length > 0, opened: allowTogether(acting.map((one) => one.opening(direction, breadth))) };
}

/** Whether traffic is held back; undefined when a policy that could not be read, or rules that nobody can add up, may decide otherwise. */
const holds = ({ held, opened }: Effect, readable: boolean): boolean | undefined =>
  opened === true ? false : readable && opened === false ? held : undefined;

/** Whether policies of a pod's own namespace hold its traffic back, by direction. A policy that allows all protects nothing. */
export function selectedBy(
  policies: readonly KubernetesObject[],
  labels: unknown,
): { ingress: boolean | undefined; egress: boolean | undefined } {
  const { readable, choice } = policiesIn(policies);
  const selecting = areLabels(labels) ? choice.of(labels) : undefined;
  if (selecting === undefined) return { ingress: undefined, egress: undefined };
  const held = (direction: Direction) => holds(effectOf(selecting, direction, "world"), readable);
  return { ingress: held("ingress"), egress: held("egress") };
}

/** Whether those policies let everything through to a pod, or from it: no further policy takes that back. */
export function openedTo(policies: readonly KubernetesObject[], direction: Direction, labels: unknown): boolean {
  const selecting = areLabels(labels) ? policiesIn(policies).choice.of(labels) : undefined;
  return selecting !== undefined && effectOf(selecting, direction, "world").opened === true;
}

/**
 * Whether a namespace's policies isolate every pod: one selects all of them, and none that does lets the whole cluster in.
 * Policies that open single pods leave the default as it is.
 */
export const deniesIngressByDefault = (policies: readonly KubernetesObject[]): boolean | undefined =>
  denies(policies, "ingress");

/** The same for what pods send. */
export const deniesEgressByDefault = (policies: readonly KubernetesObject[]): boolean | undefined =>
  denies(policies, "egress");

function denies(policies: readonly KubernetesObject[], direction: Direction): boolean | undefined {
  const { readable, every } = policiesIn(policies);
  return holds(effectOf(every, direction, "cluster"), readable);
}

/** Whether policies that select every pod let the whole cluster in, or out: no further policy takes that back. */
export const openedByDefault = (policies: readonly KubernetesObject[], direction: Direction): boolean =>
  effectOf(policiesIn(policies).every, direction, "cluster").opened === true;

/** The directions in which a policy's own rules allow everything together, to or from every address, on every port. */
export function allowsAllOf(policy: KubernetesObject): string[] | undefined {
  if (!isPolicy(policy)) return undefined;
  const read = new Policy(policy);
  const both: readonly Direction[] = ["ingress", "egress"];
  return both.filter((direction) => read.acts[direction] && read.opening(direction, "world").all);
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

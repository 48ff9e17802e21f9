import { list, record, text } from "./json";
import type { KubernetesObject } from "./schema";
import { controllerOf } from "./workload";

/** Processes of a control plane, by the name of their container, and the kinds that they are judged as. */
const COMPONENTS: ReadonlyMap<string, string> = new Map([
  ["kube-apiserver", "KubeApiServer"],
  ["kube-controller-manager", "KubeControllerManager"],
  ["kube-scheduler", "KubeScheduler"],
  ["etcd", "Etcd"],
]);
export const CONTROL_PLANE_KINDS: readonly string[] = [...COMPONENTS.values()];

const MIRROR = "kubernetes.io/config.mirror";
/** More arguments than these no component takes. */
const MAX_ARGUMENTS = 500;

/**
 * The flags of a command line, by their names without dashes in front; the last of equal ones counts, as the components read
 * them. Undefined when a shell stands between, or an argument is no text: then nobody knows.
 */
export function flagsOf(container: Readonly<Record<string, unknown>>): Record<string, string> | undefined {
  const words = [...list(container.command), ...list(container.args)];
  if (words.length === 0 || words.length > MAX_ARGUMENTS) return undefined;
  if (!words.every((word): word is string => typeof word === "string")) return undefined;
  if (/(^|\/)(ba|da|a|z)?sh$/.test(words[0] ?? "")) return undefined;
  const flags = new Map<string, string>();
  for (let index = 0; index < words.length; index++) {
    const [, name, assigned] = /^--?([A-Za-z][\w-]*)(?:=([\s\S]*))?$/.exec(words[index] ?? "") ?? [];
    if (name === undefined) continue;
    const next = words[index + 1];
    const apart = assigned === undefined && next !== undefined && !next.startsWith("-");
    flags.set(name.replaceAll("_", "-"), assigned ?? (apart ? next : "true"));
    if (apart) index++;
  }
  // fromEntries defines own keys, `__proto__` too.
  return Object.fromEntries(flags);
}

/**
 * The component of a self-managed control plane that a static pod runs: `kind` one of CONTROL_PLANE_KINDS, `flags` as
 * `flagsOf` reads them, absent when they can't be read. Null for every other pod: one that a node mirrors into kube-system has
 * that node as its controller.
 */
export function componentOf(pod: KubernetesObject): KubernetesObject | null {
  const { name, namespace, annotations } = pod.metadata;
  if (namespace !== "kube-system" || annotations?.[MIRROR] === undefined) return null;
  if (controllerOf(pod.metadata)?.kind !== "Node") return null;
  for (const item of list(record(pod.spec).containers)) {
    const container = record(item);
    const kind = COMPONENTS.get(text(container.name));
    if (kind === undefined) continue;
    const flags = flagsOf(container);
    return {
      apiVersion: "v1",
      kind,
      metadata: { name, namespace },
      image: text(container.image),
      ...(flags === undefined ? {} : { flags }),
    };
  }
  return null;
}

/** Whether a cloud runs the control plane of a cluster that is connected by Arc, as its version tells. */
export const isManagedVersion = (version: string): boolean => /-(eks|gke)[-.]/.test(version);

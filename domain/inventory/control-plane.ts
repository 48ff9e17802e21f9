import { agreedFlags, flagsOf } from "./flags";
import { type Json, list, record, text, texts } from "./json";
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

/**
 * The component of a self-managed control plane that a static pod runs: `kind` one of CONTROL_PLANE_KINDS, `flags` as
 * `flagsOf` reads them, absent when they are not known. Null for every other pod: one that a node mirrors into kube-system has
 * that node as its controller.
 */
export function componentOf(pod: KubernetesObject): KubernetesObject | null {
  const { namespace, annotations } = pod.metadata;
  if (namespace !== "kube-system" || annotations?.[MIRROR] === undefined) return null;
  return controllerOf(pod.metadata)?.kind === "Node" ? partRunBy(pod) : null;
}

/** The component that the containers of a pod run, whoever made the pod, as `componentOf` gives it; null where they run none. */
export function partRunBy(pod: KubernetesObject): KubernetesObject | null {
  const { name, namespace = "" } = pod.metadata;
  const { containers: given, initContainers } = record(pod.spec);
  const containers = list(given).map(record);
  const sidecars = list(initContainers)
    .map(record)
    .filter(({ restartPolicy }) => restartPolicy === "Always");
  const named = containers.find((container) => componentNamed(container.name) !== undefined);
  const kind = componentNamed(named?.name);
  if (named === undefined || kind === undefined) return null;
  // Which of two is the process that answers, the pod does not tell.
  const others = [...containers, ...sidecars].filter(
    (one) => one !== named && (componentNamed(one.name) === kind || mayRun(kind, one)),
  );
  const flags = others.map((one) => flagsOf(kind, one)).reduce(agreedFlags, flagsOf(kind, named));
  return {
    apiVersion: "v1",
    kind,
    metadata: { name, namespace },
    image: text(named.image),
    ...(flags === undefined ? {} : { flags }),
  };
}

/** The kind of the component whose program the command line of a container itself names: one called etcd may run etcdctl, or a shell. */
export function programOf({ command, args }: Json): string | undefined {
  const [program] = [...list(command), ...list(args)];
  return typeof program === "string" ? componentNamed(program.split("/").at(-1)) : undefined;
}

/** Where files lie that no program is: `/var/lib/etcd` is what etcd writes. */
const DATA = /^\/(etc|var)\/(?!.*\bbin\/)/;

/** Whether a command line names the program of a component anywhere: behind a shell, in its text, or behind what holds many programs. */
function mayRun(kind: string, container: Json): boolean {
  const words = [...texts(container.command), ...texts(container.args)].flatMap((word) =>
    word.split(/[\s;&|(){}"'`]+/),
  );
  const isNamed = (word: string): boolean => !DATA.test(word) && word.split("/").at(-1) === processOf(kind);
  return programOf(container) === kind || words.some((word) => !word.startsWith("-") && isNamed(word));
}

/** The kind of the component that a container of this name runs. */
export const componentNamed = (name: unknown): string | undefined => COMPONENTS.get(text(name));

/** What the process of a component is called: `kube-apiserver` for KubeApiServer. */
export const processOf = (kind: string): string => [...COMPONENTS].find(([, known]) => known === kind)?.[0] ?? kind;

/** Whether a cloud runs the control plane of a cluster that is connected by Arc, as its version tells. */
export const isManagedVersion = (version: string): boolean => /-(eks|gke)[-.]/.test(version);

import { hash } from "node:crypto";
import { fieldsOf, type Json, type KubeObject, type Place, type Rendered, render, seedOf, timestamp } from "./objects";
import { nodeNames } from "./objects-node";
import { digestOf, imageOf, podLabels, podSpec, type Template } from "./objects-pod-spec";
import { random } from "./random";

interface PodInput {
  template: Template;
  name: string;
  started: number;
  owner?: KubeObject;
  labels?: Record<string, string>;
  /** Fixed node (DaemonSets); otherwise one is chosen. */
  node?: number;
  finished?: boolean;
}

const listOf = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const PRIORITIES: Readonly<Record<string, number>> = {
  "system-node-critical": 2_000_001_000,
  "system-cluster-critical": 2_000_000_000,
  "gmp-critical": 1_000_000_000,
};
/** What a runtime says that it runs: the digest that was asked for, or the one that the tag stood for. */
const imageIdOf = (image: string, release: number): string => {
  const [tagged = "", digest] = image.split("@");
  return `${tagged.replace(/:[^:/]*$/, "")}@${digest ?? digestOf(image, release)}`;
};

/** The managed fields of pods of one template: all are of one form, and what admission adds to them belongs to nobody. */
const FORMS = new WeakMap<Template, { own: Json; status: Json }>();
const formOf = (template: Template, spec: Json, status: Json): { own: Json; status: Json } => {
  const known = FORMS.get(template) ?? { own: fieldsOf({ spec }), status: fieldsOf({ status }) };
  FORMS.set(template, known);
  return known;
};

export function pod(place: Place, input: PodInput): Rendered {
  const { template, name } = input;
  const rng = random(seedOf(place, "pod", template.namespace, name));
  const nodes = nodeNames(place);
  const node = input.node ?? rng.integer(0, nodes.length - 1);
  const hostIP = `10.${20 + (node >> 7)}.${node % 128}.${4 + rng.integer(0, 9)}`;
  const spec = podSpec(template);
  const podIP = spec.hostNetwork === true ? hostIP : `10.244.${node % 250}.${rng.integer(2, 250)}`;
  const mounts = spec.automountServiceAccountToken !== false;
  const volume = `kube-api-access-${rng.suffix(5)}`;
  const started = timestamp(place, input.started);
  const settled = timestamp(place, input.started + 20 / 86_400);
  const ready = input.finished !== true;
  const statusOf = (each: Json, init: boolean): Json => {
    const image = String(each.image);
    return {
      name: each.name,
      image,
      imageID: imageIdOf(image, template.addon === undefined && image === imageOf(template) ? template.release : 0),
      containerID: `containerd://${hash("sha256", `${place.plan.base.id}/${template.namespace}/${name}/${String(each.name)}`, "hex")}`,
      ready: ready || init,
      restartCount: template.traits.noLimits ? rng.integer(0, 6) : 0,
      ...(init ? {} : { started: ready }),
      lastState: {},
      state:
        ready && !init
          ? { running: { startedAt: settled } }
          : { terminated: { exitCode: 0, reason: "Completed", startedAt: started, finishedAt: settled } },
    };
  };
  const condition = (type: string, status: boolean) => ({
    type,
    status: status ? "True" : "False",
    lastProbeTime: null,
    lastTransitionTime: settled,
    ...(status ? {} : { reason: "PodCompleted" }),
  });
  const status = {
    phase: ready ? "Running" : "Succeeded",
    conditions: ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"].map((type) =>
      condition(type, ready || type === "Initialized" || type === "PodScheduled"),
    ),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    podIP,
    podIPs: [{ ip: podIP }],
    startTime: started,
    ...(spec.initContainers !== undefined
      ? { initContainerStatuses: listOf(spec.initContainers).map((each) => statusOf(each, true)) }
      : {}),
    containerStatuses: listOf(spec.containers).map((each) => statusOf(each, false)),
    qosClass: template.traits.noRequests && template.traits.noLimits ? "BestEffort" : "Burstable",
  };
  return render(place, {
    apiVersion: "v1",
    kind: "Pod",
    fields: formOf(template, spec, status),
    resource: "pods",
    namespace: template.namespace,
    name,
    created: input.started,
    changed: input.started,
    labels: { ...podLabels(template), ...input.labels },
    manager: "kube-controller-manager",
    annotations: {
      "checksum/config": digestOf(template.app, template.release).slice(7, 39),
      "cni.projectcalico.org/podIP": `${podIP}/32`,
    },
    ...(input.owner === undefined ? {} : { owner: input.owner }),
    body: {
      spec: {
        ...spec,
        containers: listOf(spec.containers).map((each) => ({
          ...each,
          volumeMounts: [
            ...listOf(each.volumeMounts),
            ...(mounts
              ? [{ name: volume, readOnly: true, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" }]
              : []),
          ],
        })),
        volumes: [
          ...listOf(spec.volumes),
          ...(mounts
            ? [
                {
                  name: volume,
                  projected: {
                    sources: [
                      { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
                      { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
                    ],
                    defaultMode: 420,
                  },
                },
              ]
            : []),
        ],
        nodeName: nodes[node] ?? "",
        enableServiceLinks: true,
        preemptionPolicy: "PreemptLowerPriority",
        priority: PRIORITIES[String(spec.priorityClassName)] ?? 0,
        tolerations: [
          { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
          { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
        ],
      },
      status,
    },
  });
}

import { hash } from "node:crypto";
import { type Json, type KubeObject, type Place, type Rendered, render, seedOf, timestamp } from "./objects";
import { nodeNames } from "./objects-node";
import { random } from "./random";
import type { Traits } from "./scenario-traits";

/** What makes a pod template: everything a roll-out may change. */
export interface Template {
  namespace: string;
  app: string;
  team: string;
  serviceAccount: string;
  image: string;
  /** Changes the tag and digest. */
  release: number;
  traits: Traits;
  port?: number;
  sidecar?: "istio-proxy" | "fluent-bit";
  init: boolean;
  /** Command-line pods of Jobs restart on failure only. */
  restartPolicy: "Always" | "OnFailure";
  system: boolean;
}

const tagOf = (template: Template): string =>
  template.traits.latestTag
    ? "latest"
    : `${1 + (template.release % 4)}.${template.release % 23}.${(template.release * 7) % 19}`;

const imageOf = (template: Template): string =>
  `${template.traits.publicRegistry ? "docker.io/library" : template.system ? "registry.k8s.io" : "registry.harbour.example"}/${template.image}:${tagOf(template)}`;

export const digestOf = (image: string, release: number): string =>
  `sha256:${hash("sha256", `${image}@${release}`, "hex")}`;

const resources = (traits: Traits, cpu: string, memory: string): Json => ({
  ...(traits.noLimits ? {} : { limits: { cpu, memory } }),
  ...(traits.noRequests ? {} : { requests: { cpu: "100m", memory: "128Mi" } }),
});

const securityContext = (traits: Traits): Json => ({
  ...(traits.privileged ? { privileged: true } : {}),
  ...(traits.escalation || traits.privileged ? {} : { allowPrivilegeEscalation: false }),
  ...(traits.writableRoot ? {} : { readOnlyRootFilesystem: true }),
  ...(traits.root ? {} : { runAsNonRoot: true, runAsUser: 10001 }),
  ...(traits.capabilities
    ? { capabilities: { add: ["NET_ADMIN", "SYS_ADMIN"] } }
    : traits.escalation
      ? {}
      : { capabilities: { drop: ["ALL"] } }),
});

const probe = (port: number, path: string): Json => ({
  httpGet: { path, port, scheme: "HTTP" },
  initialDelaySeconds: 5,
  timeoutSeconds: 2,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
});

const container = (template: Template): Json => ({
  name: template.app,
  image: imageOf(template),
  imagePullPolicy: template.traits.latestTag ? "Always" : "IfNotPresent",
  ...(template.port === undefined ? {} : { ports: [{ name: "http", containerPort: template.port, protocol: "TCP" }] }),
  env: [
    { name: "APP_ENV", value: "production" },
    { name: "LOG_LEVEL", value: "info" },
    { name: "OTEL_EXPORTER_OTLP_ENDPOINT", value: "http://otel-collector.monitoring:4317" },
    { name: "POD_IP", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "status.podIP" } } },
    template.traits.plainSecret
      ? { name: "DB_PASSWORD", value: "winter-is-over-2024" }
      : { name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: `${template.app}-credentials`, key: "password" } } },
  ],
  resources: resources(template.traits, "500m", "512Mi"),
  ...(template.port === undefined || template.traits.noProbes
    ? {}
    : { livenessProbe: probe(template.port, "/healthz"), readinessProbe: probe(template.port, "/readyz") }),
  securityContext: securityContext(template.traits),
  terminationMessagePath: "/dev/termination-log",
  terminationMessagePolicy: "File",
  volumeMounts: [
    { name: "tmp", mountPath: "/tmp" },
    ...(template.traits.hostPath ? [{ name: "host-var", mountPath: "/host/var" }] : []),
  ],
});

const sidecar = (template: Template): Json[] =>
  template.sidecar === undefined
    ? []
    : [
        {
          name: template.sidecar,
          image:
            template.sidecar === "istio-proxy"
              ? "docker.io/istio/proxyv2:1.27.1"
              : "registry.harbour.example/platform/fluent-bit:4.0.9",
          imagePullPolicy: "IfNotPresent",
          resources: { limits: { cpu: "200m", memory: "128Mi" }, requests: { cpu: "20m", memory: "64Mi" } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            runAsNonRoot: true,
            runAsUser: 1337,
            capabilities: { drop: ["ALL"] },
          },
          terminationMessagePath: "/dev/termination-log",
          terminationMessagePolicy: "File",
        },
      ];

const initContainer = (template: Template): Json[] =>
  template.init
    ? [
        {
          name: "migrate",
          image: imageOf(template),
          imagePullPolicy: "IfNotPresent",
          command: ["/bin/migrate", "--wait"],
          resources: resources(template.traits, "200m", "256Mi"),
          securityContext: securityContext({ ...template.traits, privileged: false }),
          terminationMessagePath: "/dev/termination-log",
          terminationMessagePolicy: "File",
        },
      ]
    : [];

export const podLabels = (template: Template): Record<string, string> => ({
  "app.kubernetes.io/name": template.app,
  "app.kubernetes.io/part-of": template.team,
  "app.kubernetes.io/managed-by": "Helm",
});

/** The pod specification as the API server serves it, with its defaults filled in. */
export const podSpec = (template: Template): Json => {
  const { traits } = template;
  return {
    ...(template.init ? { initContainers: initContainer(template) } : {}),
    containers: [container(template), ...sidecar(template)],
    volumes: [
      { name: "tmp", emptyDir: {} },
      ...(traits.hostPath ? [{ name: "host-var", hostPath: { path: "/var", type: "" } }] : []),
    ],
    restartPolicy: template.restartPolicy,
    terminationGracePeriodSeconds: 30,
    dnsPolicy: traits.hostNetwork ? "ClusterFirstWithHostNet" : "ClusterFirst",
    serviceAccountName: template.serviceAccount,
    serviceAccount: template.serviceAccount,
    ...(traits.mountsToken ? {} : { automountServiceAccountToken: false }),
    ...(traits.hostNetwork ? { hostNetwork: true } : {}),
    ...(traits.hostPid ? { hostPID: true } : {}),
    securityContext: traits.noSeccomp ? {} : { seccompProfile: { type: "RuntimeDefault" } },
    schedulerName: "default-scheduler",
    ...(template.system ? { priorityClassName: "system-cluster-critical" } : {}),
  };
};

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

export function pod(place: Place, input: PodInput): Rendered {
  const { template, name } = input;
  const rng = random(seedOf(place, "pod", template.namespace, name));
  const nodes = nodeNames(place);
  const node = input.node ?? rng.integer(0, nodes.length - 1);
  const hostIP = `10.${20 + (node >> 7)}.${node % 128}.${4 + rng.integer(0, 9)}`;
  const podIP = template.traits.hostNetwork ? hostIP : `10.244.${node % 250}.${rng.integer(2, 250)}`;
  const spec = podSpec(template);
  const volume = `kube-api-access-${rng.suffix(5)}`;
  const started = timestamp(place, input.started);
  const settled = timestamp(place, input.started + 20 / 86_400);
  const ready = input.finished !== true;
  const statusOf = (each: Json, init: boolean): Json => {
    const image = String(each.image);
    return {
      name: each.name,
      image,
      imageID: `${image.replace(/:[^:/]*$/, "")}@${digestOf(image, image === imageOf(template) ? template.release : 0)}`,
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
  return render(place, {
    apiVersion: "v1",
    kind: "Pod",
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
            ...(template.traits.mountsToken
              ? [{ name: volume, readOnly: true, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" }]
              : []),
          ],
        })),
        volumes: [
          ...listOf(spec.volumes),
          ...(template.traits.mountsToken
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
        priority: template.system ? 2_000_000_000 : 0,
        tolerations: [
          { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
          { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
        ],
      },
      status: {
        phase: ready ? "Running" : "Succeeded",
        conditions: ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"].map(
          (type) => condition(type, ready || type === "Initialized" || type === "PodScheduled"),
        ),
        hostIP,
        hostIPs: [{ ip: hostIP }],
        podIP,
        podIPs: [{ ip: podIP }],
        startTime: started,
        ...(template.init
          ? { initContainerStatuses: listOf(spec.initContainers).map((each) => statusOf(each, true)) }
          : {}),
        containerStatuses: listOf(spec.containers).map((each) => statusOf(each, false)),
        qosClass: template.traits.noRequests && template.traits.noLimits ? "BestEffort" : "Burstable",
      },
    },
  });
}

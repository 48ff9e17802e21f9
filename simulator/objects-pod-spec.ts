import { hash } from "node:crypto";
import type { Addon } from "./addon";
import type { Json } from "./objects";
import type { Care } from "./scenario-clusters";
import type { Traits } from "./scenario-traits";

/** What makes a pod template: everything a roll-out may change. */
export interface Template {
  namespace: string;
  app: string;
  team: string;
  care: Care;
  serviceAccount: string;
  image: string;
  /** Changes the tag and digest. */
  release: number;
  traits: Traits;
  port?: number;
  sidecar?: "istio-proxy" | "fluent-bit";
  init: boolean;
  /** Replicas to be told to spread; 1 needs no telling. */
  replicas: number;
  /** Command-line pods of Jobs restart on failure only. */
  restartPolicy: "Always" | "OnFailure";
  /** Its maker's template, for what no team writes. */
  addon?: Addon;
}

export const digestOf = (image: string, release: number): string =>
  `sha256:${hash("sha256", `${image}@${release}`, "hex")}`;

const pinned = (template: Template, image: string, release: number): string =>
  template.traits.tagOnly || template.traits.latestTag ? image : `${image}@${digestOf(image, release)}`;

const tagOf = ({ traits, release }: Template): string =>
  traits.latestTag ? "latest" : `${1 + (release % 4)}.${release % 23}.${(release * 7) % 19}`;

export const imageOf = (template: Template): string => {
  const registry = template.traits.publicRegistry ? "docker.io/library" : "registry.harbour.example";
  return pinned(template, `${registry}/${template.image}:${tagOf(template)}`, template.release);
};

const resources = ({ traits }: Template, cpu: string, memory: string): Json => ({
  ...(traits.noLimits
    ? {}
    : { limits: { cpu, memory, ...(traits.noStorageLimit ? {} : { "ephemeral-storage": "1Gi" }) } }),
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

const TERMINATION: Json = { terminationMessagePath: "/dev/termination-log", terminationMessagePolicy: "File" };
const CREDENTIALS = "/etc/credentials";

/** Where the program finds its password: in a file, in a variable, or written down in the template. */
const password = ({ app, traits }: Template): Json =>
  traits.plainSecret
    ? { name: "DB_PASSWORD", value: "winter-is-over-2024" }
    : traits.secretVariable
      ? { name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: `${app}-credentials`, key: "password" } } }
      : { name: "DB_PASSWORD_FILE", value: `${CREDENTIALS}/password` };
const fromFile = ({ traits }: Template): boolean => !traits.plainSecret && !traits.secretVariable;

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
    password(template),
  ],
  resources: resources(template, "500m", "512Mi"),
  ...(template.port === undefined || template.traits.noProbes
    ? {}
    : { livenessProbe: probe(template.port, "/healthz"), readinessProbe: probe(template.port, "/readyz") }),
  securityContext: securityContext(template.traits),
  ...TERMINATION,
  volumeMounts: [
    { name: "tmp", mountPath: "/tmp" },
    ...(fromFile(template) ? [{ name: "credentials", mountPath: CREDENTIALS, readOnly: true }] : []),
    ...(template.traits.hostPath ? [{ name: "host-var", mountPath: "/host/var" }] : []),
  ],
});

const SIDECARS = {
  "istio-proxy": "docker.io/istio/proxyv2:1.28.0",
  "fluent-bit": "registry.harbour.example/platform/fluent-bit:4.1.1",
} as const;

const sidecar = (template: Template): Json[] =>
  template.sidecar === undefined
    ? []
    : [
        {
          name: template.sidecar,
          image: pinned(template, SIDECARS[template.sidecar], 0),
          imagePullPolicy: "IfNotPresent",
          resources: {
            limits: {
              cpu: "200m",
              memory: "128Mi",
              ...(template.traits.noStorageLimit ? {} : { "ephemeral-storage": "256Mi" }),
            },
            requests: { cpu: "20m", memory: "64Mi" },
          },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            runAsNonRoot: true,
            runAsUser: 1337,
            capabilities: { drop: ["ALL"] },
          },
          ...TERMINATION,
        },
      ];

const initContainer = (template: Template): Json => ({
  name: "migrate",
  image: imageOf(template),
  imagePullPolicy: "IfNotPresent",
  command: ["/bin/migrate", "--wait"],
  resources: resources(template, "200m", "256Mi"),
  securityContext: securityContext({ ...template.traits, privileged: false }),
  ...TERMINATION,
});

/** Labels by which a workload is selected. Careful teams write those that Kubernetes recommends, others what came to mind. */
export const podLabels = ({ addon, care, app, team }: Template): Record<string, string> => {
  if (addon !== undefined) return Object.fromEntries(addon.selector.map((key) => [key, addon.labels[key] ?? ""]));
  if (care === "bad") return { app };
  return {
    "app.kubernetes.io/name": app,
    "app.kubernetes.io/part-of": team,
    "app.kubernetes.io/managed-by": "Helm",
    ...(care === "good" ? { team } : {}),
  };
};

const DEFAULTS: Json = {
  restartPolicy: "Always",
  terminationGracePeriodSeconds: 30,
  dnsPolicy: "ClusterFirst",
  securityContext: {},
  schedulerName: "default-scheduler",
};

/** The pod specification as the API server serves it, with its defaults filled in. */
export const podSpec = (template: Template): Json => {
  const { traits, addon, serviceAccount } = template;
  const account = { serviceAccountName: serviceAccount, serviceAccount };
  if (addon !== undefined) return { ...DEFAULTS, ...addon.spec, ...account };
  const labelSelector = { matchLabels: podLabels(template) };
  return {
    ...DEFAULTS,
    ...(template.init ? { initContainers: [initContainer(template)] } : {}),
    containers: [container(template), ...sidecar(template)],
    volumes: [
      { name: "tmp", emptyDir: traits.unsizedVolume ? {} : { sizeLimit: "256Mi" } },
      ...(fromFile(template)
        ? [{ name: "credentials", secret: { secretName: `${template.app}-credentials`, defaultMode: 288 } }]
        : []),
      ...(traits.hostPath ? [{ name: "host-var", hostPath: { path: "/var", type: "" } }] : []),
    ],
    restartPolicy: template.restartPolicy,
    ...(traits.hostNetwork ? { dnsPolicy: "ClusterFirstWithHostNet", hostNetwork: true } : {}),
    ...account,
    ...(traits.mountsToken ? {} : { automountServiceAccountToken: false }),
    ...(traits.hostPid ? { hostPID: true } : {}),
    ...(traits.noSeccomp ? {} : { securityContext: { seccompProfile: { type: "RuntimeDefault" } } }),
    ...(traits.unspread || template.replicas < 2
      ? {}
      : {
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "topology.kubernetes.io/zone",
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector,
            },
          ],
        }),
  };
};

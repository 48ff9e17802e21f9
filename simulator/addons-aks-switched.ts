import {
  type Addon,
  type AddonPlace,
  mounts,
  nodePaths,
  ON_NODES,
  port,
  probes,
  RESTRICTED,
  resources,
  SECCOMP,
  spread,
} from "./addon";
import { addon, MCR } from "./addon-aks";

const CILIUM = ["CHOWN", "KILL", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "SYS_ADMIN", "SYS_RESOURCE", "DAC_OVERRIDE"];

const cilium = (): Addon =>
  addon(
    "DaemonSet",
    "cilium",
    { "k8s-app": "cilium" },
    {
      ...ON_NODES,
      containers: [
        {
          name: "cilium-agent",
          image: `${MCR}/cilium/cilium:v1.18.4-260915`,
          command: ["cilium-agent"],
          resources: resources(["100m", "300Mi"], ["", "4Gi"]),
          securityContext: { capabilities: { add: CILIUM, drop: ["ALL"] } },
          volumeMounts: mounts("bpf-maps:/sys/fs/bpf", "cilium-run:/var/run/cilium", "lib-modules:/lib/modules:ro"),
        },
      ],
      volumes: nodePaths("bpf-maps:/sys/fs/bpf", "cilium-run:/var/run/cilium", "lib-modules:/lib/modules"),
    },
  );

const kubeProxy = (version: string): Addon =>
  addon(
    "DaemonSet",
    "kube-proxy",
    { component: "kube-proxy", tier: "node" },
    {
      ...ON_NODES,
      containers: [
        {
          name: "kube-proxy",
          image: `${MCR}/kubernetes/kube-proxy:v${version}`,
          command: ["kube-proxy", "--conntrack-max-per-core=0", "--metrics-bind-address=0.0.0.0:10249"],
          resources: resources(["100m", ""]),
          securityContext: { privileged: true },
          volumeMounts: mounts("iptableslock:/run/xtables.lock", "kernel-modules:/lib/modules"),
        },
      ],
      volumes: nodePaths("iptableslock:/run/xtables.lock", "kernel-modules:/lib/modules"),
    },
  );

/** What moves packets: kube-proxy, or Cilium in its place. */
export const dataplane = ({ version, plane }: AddonPlace): Addon =>
  plane.policyEngine === "cilium" ? cilium() : kubeProxy(version);

const workloadIdentity = (): Addon =>
  addon(
    "Deployment",
    "azure-wi-webhook-controller-manager",
    { "azure-workload-identity.io/system": "true" },
    {
      priorityClassName: "system-cluster-critical",
      containers: [
        {
          name: "manager",
          image: `${MCR}/azure/workload-identity/webhook:v1.5.1`,
          ports: [port(9443, "webhook-server"), port(8095, "metrics")],
          resources: resources(["100m", "20Mi"], ["200m", "300Mi"]),
          securityContext: { ...RESTRICTED, ...SECCOMP, runAsNonRoot: true, runAsUser: 65532 },
          ...probes(9440, "/healthz", "/readyz"),
        },
      ],
      ...spread({ "azure-workload-identity.io/system": "true" }),
    },
    { serviceAccount: "azure-wi-webhook-admin", port: 9443, replicas: 2 },
  );

const logs = (): Addon =>
  addon(
    "DaemonSet",
    "ama-logs",
    { component: "ama-logs-agent", tier: "node" },
    {
      priorityClassName: "system-node-critical",
      containers: [
        {
          name: "ama-logs",
          image: "mcr.microsoft.com/azuremonitor/containerinsights/ciprod:3.1.31",
          resources: resources(["75m", "325Mi"], ["500m", "1Gi"]),
          securityContext: { privileged: true, capabilities: { drop: ["ALL"], add: ["DAC_OVERRIDE"] } },
          volumeMounts: mounts("host-log:/var/log", "containerlog-path:/var/lib/docker/containers:ro"),
        },
      ],
      volumes: nodePaths("host-log:/var/log", "containerlog-path:/var/lib/docker/containers"),
    },
  );

const defender = (): Addon =>
  addon(
    "DaemonSet",
    "microsoft-defender-collector-ds",
    { dsName: "microsoft-defender-collector-ds" },
    {
      hostPID: true,
      priorityClassName: "system-node-critical",
      containers: [
        {
          name: "microsoft-defender-low-level-collector",
          image: "mcr.microsoft.com/azuredefender/stable/low-level-collector:2.0.250",
          resources: resources(["30m", "64Mi"], ["150m", "128Mi"]),
          securityContext: { privileged: true, runAsUser: 0, readOnlyRootFilesystem: true },
          volumeMounts: mounts("host-root:/host:ro"),
        },
      ],
      volumes: nodePaths("host-root:/"),
    },
  );

/** Those that a switch of the cluster brings. */
export const switched = ({ plane }: AddonPlace): Addon[] => [
  ...(plane.workloadIdentity ? [workloadIdentity()] : []),
  ...(plane.auditLog ? [logs()] : []),
  ...(plane.threatDetection ? [defender()] : []),
];

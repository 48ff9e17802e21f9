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
import { dataplane, switched } from "./addons-aks-switched";
import type { Json } from "./objects";

/** A node's half of a storage driver: privileged, because mounts of its own must reach the node. */
function csiNode(name: string, driver: string, image: string, socket: number): Addon {
  const kubelet = "/var/lib/kubelet";
  const helper = (container: string, tag: string, memory: string): Json => ({
    name: container,
    image: `${MCR}/kubernetes-csi/${tag}`,
    args: [`--csi-address=/csi/csi.sock`, "--v=2"],
    resources: resources(["10m", "20Mi"], ["", memory]),
    securityContext: { capabilities: { drop: ["ALL"] } },
    volumeMounts: mounts("socket-dir:/csi"),
  });
  return addon(
    "DaemonSet",
    name,
    { app: name },
    {
      ...ON_NODES,
      dnsPolicy: "Default",
      securityContext: SECCOMP,
      containers: [
        helper("liveness-probe", "livenessprobe:v2.17.0", "100Mi"),
        helper("node-driver-registrar", "csi-node-driver-registrar:v2.15.0", "100Mi"),
        {
          name: driver,
          image: `${MCR}/kubernetes-csi/${image}`,
          args: [
            "--v=5",
            "--endpoint=$(CSI_ENDPOINT)",
            "--nodeid=$(KUBE_NODE_NAME)",
            `--metrics-address=0.0.0.0:${socket}`,
          ],
          resources: resources(["10m", "60Mi"], ["", "400Mi"]),
          securityContext: { privileged: true, capabilities: { drop: ["ALL"] } },
          volumeMounts: mounts(
            "socket-dir:/csi",
            `mountpoint-dir:${kubelet}`,
            "azure-cred:/etc/kubernetes",
            "device-dir:/dev",
          ),
        },
      ],
      volumes: [
        ...nodePaths(`socket-dir:${kubelet}/plugins/${driver}.csi.azure.com`, `mountpoint-dir:${kubelet}`),
        ...nodePaths("azure-cred:/etc/kubernetes", "device-dir:/dev"),
      ],
    },
    { serviceAccount: `${name}-sa` },
  );
}

const DNS = { "k8s-app": "kube-dns", version: "v20" };

/** What AKS keeps in kube-system, after clusters that run it and the charts and manifests that the projects publish. */
export const aksAddons = (place: AddonPlace): Addon[] => [
  dataplane(place),
  addon(
    "DaemonSet",
    "azure-cns",
    { "k8s-app": "azure-cns" },
    {
      ...ON_NODES,
      containers: [
        {
          name: "cns-container",
          image: "mcr.microsoft.com/containernetworking/azure-cns:v1.7.9",
          args: ["-c", "tcp://$(CNSIpAddress):$(CNSPort)", "-t", "$(CNSLogTarget)"],
          resources: resources(["40m", "250Mi"], ["", "750Mi"]),
          securityContext: { capabilities: { add: ["NET_ADMIN", "NET_RAW"] } },
          volumeMounts: mounts("log:/var/log", "cns-state:/var/lib/azure-network", "xtables-lock:/run/xtables.lock"),
        },
      ],
      volumes: nodePaths(
        "log:/var/log/azure-cns",
        "cns-state:/var/lib/azure-network",
        "xtables-lock:/run/xtables.lock",
      ),
    },
  ),
  addon(
    "DaemonSet",
    "azure-ip-masq-agent",
    { "k8s-app": "azure-ip-masq-agent", tier: "node" },
    {
      ...ON_NODES,
      containers: [
        {
          name: "azure-ip-masq-agent",
          image: `${MCR}/azure/ip-masq-agent-v2:v0.1.16`,
          resources: resources(["10m", "25Mi"], ["500m", "50Mi"]),
          securityContext: { privileged: false, capabilities: { add: ["NET_ADMIN", "NET_RAW"], drop: ["ALL"] } },
        },
      ],
    },
    { serviceAccount: "default" },
  ),
  addon(
    "DaemonSet",
    "cloud-node-manager",
    { "k8s-app": "cloud-node-manager" },
    {
      ...ON_NODES,
      containers: [
        {
          name: "cloud-node-manager",
          image: `${MCR}/kubernetes/azure-cloud-node-manager:v${place.version.replace(/\.\d+$/, ".3")}`,
          command: ["cloud-node-manager", "--node-name=$(NODE_NAME)"],
          resources: resources(["50m", "50Mi"], ["", "512Mi"]),
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
        },
      ],
    },
  ),
  addon(
    "Deployment",
    "coredns",
    DNS,
    {
      priorityClassName: "system-node-critical",
      dnsPolicy: "Default",
      containers: [
        {
          name: "coredns",
          image: `${MCR}/kubernetes/coredns:v1.13.1-20`,
          args: ["-conf", "/etc/coredns/Corefile"],
          ports: [port(53, "dns", "UDP"), port(53, "dns-tcp"), port(9153, "metrics")],
          resources: resources(["100m", "70Mi"], ["3", "500Mi"]),
          securityContext: { ...RESTRICTED, capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] } },
          ...probes(8080, "/health", "/ready"),
        },
      ],
      securityContext: SECCOMP,
      ...spread({ "k8s-app": "kube-dns" }),
    },
    { port: 53, replicas: 2 },
  ),
  addon(
    "Deployment",
    "coredns-autoscaler",
    { "k8s-app": "coredns-autoscaler" },
    {
      priorityClassName: "system-node-critical",
      containers: [
        {
          name: "autoscaler",
          image: `${MCR}/kubernetes/autoscaler/cluster-proportional-autoscaler:v1.9.0-21`,
          resources: resources(["20m", "10Mi"], ["200m", "500Mi"]),
          securityContext: { ...RESTRICTED, runAsNonRoot: true, runAsUser: 65534 },
        },
      ],
      securityContext: SECCOMP,
    },
  ),
  addon(
    "Deployment",
    "konnectivity-agent",
    { app: "konnectivity-agent" },
    {
      priorityClassName: "system-cluster-critical",
      containers: [
        {
          name: "konnectivity-agent",
          image: `${MCR}/kubernetes/apiserver-network-proxy/agent:v0.33.0-1`,
          resources: resources(["20m", "20Mi"], ["1", "1Gi"]),
          securityContext: { ...RESTRICTED, runAsNonRoot: true, runAsUser: 1000 },
          livenessProbe: { httpGet: { path: "/healthz", port: 8093, scheme: "HTTP" }, periodSeconds: 60 },
        },
      ],
      securityContext: SECCOMP,
      ...spread({ app: "konnectivity-agent" }),
    },
    { replicas: 2 },
  ),
  addon(
    "Deployment",
    "metrics-server",
    { "k8s-app": "metrics-server" },
    {
      priorityClassName: "system-cluster-critical",
      containers: [
        {
          name: "metrics-server",
          image: `${MCR}/kubernetes/metrics-server:v0.8.0-6`,
          ports: [port(4443, "https")],
          resources: resources(["156m", "128Mi"], ["251m", "404Mi"]),
          securityContext: { ...RESTRICTED, ...SECCOMP, runAsNonRoot: true, runAsUser: 1000 },
          ...probes("https", "/livez", "/readyz", "HTTPS"),
        },
      ],
      ...spread({ "k8s-app": "metrics-server" }),
    },
    { port: 443, replicas: 2 },
  ),
  csiNode("csi-azuredisk-node", "disk", "azuredisk-csi:v1.34.4", 29605),
  csiNode("csi-azurefile-node", "file", "azurefile-csi:v1.35.3", 29615),
  ...switched(place),
];

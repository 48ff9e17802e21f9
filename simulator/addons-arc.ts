import {
  type Addon,
  type AddonPlace,
  installedBy,
  mounts,
  nodePaths,
  ON_NODES,
  port,
  probes,
  RESTRICTED,
  resources,
} from "./addon";

const addon = installedBy("helm");

/** Agents of a connected cluster, as the `azure-arc-k8sagents` chart installs them. */
export const arcAgents = (): Addon[] =>
  ["cluster-metadata-operator", "clusterconnect-agent", "clusteridentityoperator", "config-agent"].map((name) =>
    addon(
      "Deployment",
      "azure-arc",
      name,
      { "app.kubernetes.io/component": name, "app.kubernetes.io/name": "azure-arc-k8s" },
      {
        securityContext: { runAsNonRoot: true, runAsUser: 10_000, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          {
            name,
            image: `mcr.microsoft.com/azurearck8s/${name}:1.31.3`,
            resources: resources(["20m", "20Mi"], ["100m", "400Mi"]),
            securityContext: { ...RESTRICTED, runAsNonRoot: true },
          },
          {
            name: "fluent-bit",
            image: "mcr.microsoft.com/azurearck8s/fluent-bit:1.31.3",
            resources: resources(["5m", "25Mi"], ["20m", "100Mi"]),
            securityContext: { ...RESTRICTED, runAsNonRoot: true },
          },
        ],
      },
      { serviceAccount: `azure-arc-${name}-sa` },
    ),
  );

const coredns = (name: string, image: string): Addon =>
  addon(
    "Deployment",
    "kube-system",
    name,
    { "k8s-app": "kube-dns" },
    {
      priorityClassName: "system-cluster-critical",
      dnsPolicy: "Default",
      containers: [
        {
          name: "coredns",
          image,
          ports: [port(53, "dns", "UDP"), port(53, "dns-tcp"), port(9153, "metrics")],
          resources: resources(["100m", "70Mi"], ["", "170Mi"]),
          securityContext: { ...RESTRICTED, capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] } },
          ...probes(8080, "/health", "/ready"),
        },
      ],
    },
    { serviceAccount: name, port: 53 },
  );

const metricsServer = (name: string, image: string): Addon =>
  addon(
    "Deployment",
    "kube-system",
    name,
    { "k8s-app": "metrics-server" },
    {
      priorityClassName: "system-node-critical",
      containers: [
        {
          name: "metrics-server",
          image,
          ports: [port(10250, "https")],
          resources: resources(["100m", "70Mi"]),
          securityContext: {
            ...RESTRICTED,
            runAsNonRoot: true,
            runAsUser: 1000,
            seccompProfile: { type: "RuntimeDefault" },
          },
          ...probes("https", "/livez", "/readyz", "HTTPS"),
        },
      ],
    },
  );

const k3s = (): Addon[] => [
  coredns("coredns", "rancher/mirrored-coredns-coredns:1.13.1"),
  metricsServer("metrics-server", "rancher/mirrored-metrics-server:v0.8.0"),
  addon(
    "Deployment",
    "kube-system",
    "local-path-provisioner",
    { app: "local-path-provisioner" },
    {
      priorityClassName: "system-node-critical",
      containers: [{ name: "local-path-provisioner", image: "rancher/local-path-provisioner:v0.0.32" }],
    },
    { serviceAccount: "local-path-provisioner-service-account", manager: "deploy@k3s" },
  ),
  addon(
    "DaemonSet",
    "kube-system",
    "svclb-traefik",
    { app: "svclb-traefik", "svccontroller.k3s.cattle.io/svcname": "traefik" },
    {
      automountServiceAccountToken: false,
      securityContext: { sysctls: [{ name: "net.ipv4.ip_forward", value: "1" }] },
      containers: ["http", "https"].map((name) => ({
        name: `lb-tcp-${name === "http" ? 80 : 443}`,
        image: "rancher/klipper-lb:v0.4.13",
        ports: [{ ...port(name === "http" ? 80 : 443, `lb-tcp-${name}`), hostPort: name === "http" ? 80 : 443 }],
        securityContext: { capabilities: { add: ["NET_ADMIN"] } },
      })),
    },
    { serviceAccount: "svclb", manager: "k3s" },
  ),
];

const rke2 = (): Addon[] => [
  coredns("rke2-coredns-rke2-coredns", "rancher/hardened-coredns:v1.12.3-build20250806"),
  metricsServer("rke2-metrics-server", "rancher/hardened-k8s-metrics-server:v0.8.0-build20250704"),
  addon(
    "DaemonSet",
    "kube-system",
    "rke2-canal",
    { "k8s-app": "canal" },
    {
      ...ON_NODES,
      containers: [
        {
          name: "calico-node",
          image: "rancher/hardened-calico:v3.30.2-build20250812",
          resources: resources(["250m", ""]),
          securityContext: { privileged: true },
          volumeMounts: mounts("lib-modules:/lib/modules:ro", "var-run-calico:/var/run/calico"),
        },
        {
          name: "kube-flannel",
          image: "rancher/hardened-flannel:v0.27.2-build20250806",
          securityContext: { privileged: true },
          volumeMounts: mounts("xtables-lock:/run/xtables.lock"),
        },
      ],
      volumes: nodePaths(
        "lib-modules:/lib/modules",
        "var-run-calico:/var/run/calico",
        "xtables-lock:/run/xtables.lock",
      ),
    },
    { serviceAccount: "canal" },
  ),
];

/** What a distribution behind Arc keeps in kube-system, with the agents that connect it. */
export const arcAddons = ({ version }: AddonPlace): Addon[] => [
  ...arcAgents(),
  ...(version.includes("rke2") ? rke2() : k3s()),
];

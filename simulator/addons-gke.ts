import {
  type Addon,
  type AddonPlace,
  installedByCloud,
  mounts,
  nodePaths,
  ON_NODES,
  port,
  probes,
  RESTRICTED,
  resources,
  SECCOMP,
} from "./addon";
import type { Json } from "./objects";

const IMAGES = "gke.gcr.io";

const RECONCILED = { "kubernetes.io/cluster-service": "true", "addonmanager.kubernetes.io/mode": "Reconcile" };
const install = installedByCloud("addon-manager", () => RECONCILED);
const addon = (
  kind: Addon["kind"],
  name: string,
  spec: Addon["spec"],
  { labels = { "k8s-app": name }, ...more }: Partial<Addon> = {},
): Addon => install(kind, name, labels, spec, more);

const user = (id: number): Json => ({ ...RESTRICTED, runAsNonRoot: true, runAsUser: id, runAsGroup: id });
const simple = (name: string, image: string, security: Json, memory: [request: string, limit: string]): Json => ({
  name,
  image: `${IMAGES}/${image}`,
  resources: resources(["5m", memory[0]], ["", memory[1]]),
  securityContext: security,
});
const CRITICAL: Json = { priorityClassName: "system-node-critical", securityContext: SECCOMP };

const dataplane = ({ plane }: AddonPlace): Addon[] =>
  plane.policyEngine === "cilium"
    ? [
        addon(
          "DaemonSet",
          "anetd",
          {
            ...ON_NODES,
            containers: [
              {
                ...simple("cilium-agent", "cilium/cilium:v1.17.7-gke.58", { privileged: true }, ["200Mi", ""]),
                ...probes(9879, "/healthz", "/healthz"),
                volumeMounts: mounts(
                  "bpf-maps:/sys/fs/bpf",
                  "cilium-run:/var/run/cilium",
                  "lib-modules:/lib/modules:ro",
                ),
              },
            ],
            volumes: nodePaths("bpf-maps:/sys/fs/bpf", "cilium-run:/var/run/cilium", "lib-modules:/lib/modules"),
          },
          { labels: { "k8s-app": "cilium" }, serviceAccount: "cilium" },
        ),
      ]
    : [];

const metadataServer = ({ plane }: AddonPlace): Addon[] =>
  plane.workloadIdentity
    ? [
        addon("DaemonSet", "gke-metadata-server", {
          ...ON_NODES,
          containers: [
            {
              ...simple(
                "gke-metadata-server",
                "gke-metadata-server:gke_metadata_server_20260811.00_p0",
                { privileged: true, readOnlyRootFilesystem: true },
                ["100Mi", "100Mi"],
              ),
              volumeMounts: mounts(
                "kubelet-credentials:/var/lib/kubelet/pki:ro",
                "container-runtime-interface:/var/run/containerd",
              ),
            },
          ],
          volumes: nodePaths(
            "kubelet-credentials:/var/lib/kubelet/pki",
            "container-runtime-interface:/var/run/containerd",
          ),
        }),
      ]
    : [];

/** What GKE keeps in kube-system and gmp-system, after clusters that run it. */
export const gkeAddons = (place: AddonPlace): Addon[] => [
  ...dataplane(place),
  ...metadataServer(place),
  addon(
    "Deployment",
    "kube-dns",
    {
      priorityClassName: "system-cluster-critical",
      dnsPolicy: "Default",
      securityContext: { fsGroup: 65534, supplementalGroups: [65534], ...SECCOMP },
      containers: [
        {
          ...simple("kubedns", "k8s-dns-kube-dns:1.26.4-gke.5", { ...user(1001) }, ["70Mi", "210Mi"]),
          ports: [port(10053, "dns-local", "UDP"), port(10055, "metrics")],
          ...probes(10054, "/healthcheck/kubedns", "/readiness"),
        },
        {
          ...simple(
            "dnsmasq",
            "k8s-dns-dnsmasq-nanny:1.26.4-gke.5",
            { capabilities: { add: ["NET_BIND_SERVICE", "SETGID"], drop: ["all"] } },
            ["20Mi", ""],
          ),
          ports: [port(53, "dns", "UDP"), port(53, "dns-tcp")],
          livenessProbe: { httpGet: { path: "/healthcheck/dnsmasq", port: 10054, scheme: "HTTP" }, periodSeconds: 10 },
        },
      ],
    },
    { port: 53, replicas: 2 },
  ),
  addon("Deployment", "kube-dns-autoscaler", {
    priorityClassName: "system-cluster-critical",
    securityContext: { fsGroup: 65534, supplementalGroups: [65534], ...SECCOMP },
    containers: [simple("autoscaler", "cluster-proportional-autoscaler:v1.10.2-gke.4", user(65534), ["10Mi", ""])],
  }),
  addon(
    "Deployment",
    "konnectivity-agent",
    {
      priorityClassName: "system-cluster-critical",
      securityContext: { fsGroup: 1000, runAsGroup: 1000, runAsUser: 1000, ...SECCOMP },
      containers: [
        {
          ...simple("konnectivity-agent", "proxy-agent:v0.33.0-gke.2", user(1000), ["30Mi", "125Mi"]),
          livenessProbe: { httpGet: { path: "/healthz", port: 8093, scheme: "HTTP" }, periodSeconds: 10 },
        },
      ],
    },
    { replicas: 2 },
  ),
  addon(
    "Deployment",
    "l7-default-backend",
    {
      securityContext: SECCOMP,
      containers: [
        {
          ...simple("default-http-backend", "ingress-gce-404-server-with-metrics:v1.39.0", user(65534), [
            "20Mi",
            "20Mi",
          ]),
          ports: [port(8080, "http")],
          ...probes(8080, "/healthz", "/healthz"),
        },
      ],
    },
    { labels: { "k8s-app": "glbc", name: "glbc" }, serviceAccount: "default", port: 8080 },
  ),
  addon(
    "Deployment",
    "event-exporter-gke",
    {
      ...CRITICAL,
      containers: [simple("event-exporter", "event-exporter:v0.5.6-gke.10", user(1000), ["100Mi", "150Mi"])],
    },
    { serviceAccount: "event-exporter-sa" },
  ),
  addon(
    "Deployment",
    "metrics-server-v1.35.1",
    {
      ...CRITICAL,
      containers: [
        {
          ...simple("metrics-server", "metrics-server:v0.8.0-gke.9", user(1000), ["185Mi", "185Mi"]),
          ports: [port(10250, "https")],
          ...probes("https", "/livez", "/readyz", "HTTPS"),
        },
      ],
    },
    { labels: { "k8s-app": "metrics-server", version: "v1.35.1" }, serviceAccount: "metrics-server" },
  ),
  addon("DaemonSet", "fluentbit-gke", {
    ...ON_NODES,
    containers: [
      {
        ...simple("fluentbit", "fluent-bit:v1.9.10-gke.41", RESTRICTED, ["100Mi", "250Mi"]),
        ...probes(2020, "/", "/"),
        volumeMounts: mounts("varlog:/var/log", "varlibkubelet:/var/lib/kubelet:ro"),
      },
      simple("fluentbit-gke", "fluent-bit-gke-exporter:v0.30.9-gke.0", RESTRICTED, ["100Mi", "100Mi"]),
    ],
    volumes: nodePaths("varlog:/var/log", "varlibkubelet:/var/lib/kubelet"),
  }),
  addon("DaemonSet", "gke-metrics-agent", {
    ...ON_NODES,
    containers: [simple("gke-metrics-agent", "gke-metrics-agent:1.17.3-gke.3", user(1000), ["110Mi", "110Mi"])],
  }),
  addon("DaemonSet", "netd", {
    ...ON_NODES,
    hostPID: true,
    containers: [
      {
        ...simple("netd", "netd:v0.4.41-gke.3", { capabilities: { add: ["NET_ADMIN"], drop: ["ALL"] } }, ["30Mi", ""]),
        volumeMounts: mounts("cni-etc:/host/etc/cni"),
      },
    ],
    volumes: nodePaths("cni-etc:/etc/cni"),
  }),
  addon(
    "DaemonSet",
    "pdcsi-node",
    {
      ...ON_NODES,
      containers: [
        { ...simple("csi-driver-registrar", "csi-node-driver-registrar:v2.15.0-gke.3", RESTRICTED, ["10Mi", "10Mi"]) },
        {
          ...simple("gce-pd-driver", "gcp-compute-persistent-disk-csi-driver:v1.21.5-gke.2", { privileged: true }, [
            "20Mi",
            "100Mi",
          ]),
          volumeMounts: mounts("kubelet-dir:/var/lib/kubelet", "device-dir:/dev", "udev-rules-etc:/etc/udev"),
        },
      ],
      volumes: nodePaths("kubelet-dir:/var/lib/kubelet", "device-dir:/dev", "udev-rules-etc:/etc/udev"),
    },
    { labels: { "k8s-app": "gcp-compute-persistent-disk-csi-driver" }, serviceAccount: "pdcsi-node-sa" },
  ),
  addon(
    "DaemonSet",
    "collector",
    {
      priorityClassName: "gmp-critical",
      securityContext: { runAsGroup: 1000, runAsNonRoot: true, runAsUser: 1000, ...SECCOMP },
      containers: [
        {
          ...simple(
            "prometheus",
            "prometheus-engine/prometheus:v2.45.3-gmp.11-gke.0",
            { ...user(1000), privileged: false },
            ["32M", "2G"],
          ),
          ...probes(19090, "/-/healthy", "/-/ready"),
        },
      ],
    },
    { namespace: "gmp-system", labels: { "app.kubernetes.io/name": "collector" } },
  ),
];

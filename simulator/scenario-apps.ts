import type { Place } from "./objects";
import { seedOf } from "./objects";
import type { App, AppKind } from "./objects-app";
import { random } from "./random";
import type { Tenancy } from "./scenario-teams";
import { cleanTraits, type Traits } from "./scenario-traits";

const COMPONENTS: readonly [string, AppKind, image: string, port?: number][] = [
  ["api", "Deployment", "api", 8080],
  ["worker", "Deployment", "worker"],
  ["web", "Deployment", "web", 3000],
  ["consumer", "Deployment", "consumer"],
  ["cache", "StatefulSet", "redis", 6379],
  ["gateway", "Deployment", "gateway", 8443],
  ["db", "StatefulSet", "postgres", 5432],
  ["report", "CronJob", "report"],
  ["indexer", "Deployment", "indexer", 9000],
  ["cleanup", "CronJob", "cleanup"],
  ["projector", "Deployment", "projector"],
  ["admin", "Deployment", "admin", 8000],
  ["queue", "StatefulSet", "rabbitmq", 5672],
  ["migration", "Job", "migrate"],
  ["stream", "Deployment", "stream", 9092],
  ["backup", "CronJob", "backup"],
  ["mock", "Deployment", "wiremock", 8081],
  ["shell", "Pod", "toolbox"],
];

/** The workloads of a namespace, always the same ones for one seed. */
export function apps(place: Place, tenancy: Tenancy, born: number): App[] {
  const rng = random(seedOf(place, tenancy.namespace, "apps"));
  return Array.from({ length: tenancy.workloads }, (_, index): App => {
    const noun = tenancy.nouns[index % tenancy.nouns.length] ?? tenancy.nouns[0];
    const turn = Math.floor(index / tenancy.nouns.length);
    // For one noun every turn takes another component, so names do not collide before the round.
    const start = ((index % tenancy.nouns.length) * 5 + turn) % COMPONENTS.length;
    const [component, kind, image, port] = COMPONENTS[start] ?? ["api", "Deployment", "api", 8080];
    const round = Math.floor(turn / COMPONENTS.length);
    const web = port !== undefined && kind === "Deployment";
    const exposed = web && rng.chance(0.22);
    const name = `${noun}-${component}${round > 0 ? `-${round + 1}` : ""}`;
    const shared = ["redis", "postgres", "rabbitmq", "wiremock"].includes(image);
    return {
      kind,
      namespace: tenancy.namespace,
      name,
      team: tenancy.team,
      care: tenancy.care,
      born: born + 0.001 * index,
      replicas: kind === "StatefulSet" ? rng.pick([1, 3]) : rng.integer(1, tenancy.care === "bad" ? 2 : 4),
      image: shared ? image : `${tenancy.team}/${noun}-${image}`,
      ...(port === undefined ? {} : { port }),
      ...(exposed ? { host: `${noun}-${component}.${place.plan.base.id}.harbour.example` } : {}),
      ...(web && !exposed && tenancy.care === "bad" && rng.chance(0.15)
        ? { serviceType: "LoadBalancer" as const }
        : {}),
      ...(rng.chance(0.18) ? { sidecar: rng.pick(["istio-proxy", "fluent-bit"]) } : {}),
      init: rng.chance(0.2),
      story: tenancy.story,
    };
  });
}

type SystemApp = [namespace: string, name: string, kind: AppKind, image: string, bad: (keyof Traits)[], port?: number];

const ALL: SystemApp[] = [
  [
    "kube-system",
    "kube-proxy",
    "DaemonSet",
    "kube-proxy",
    ["privileged", "hostNetwork", "hostPath", "root", "writableRoot", "noLimits", "mountsToken", "escalation"],
  ],
  ["kube-system", "coredns", "Deployment", "coredns/coredns", ["mountsToken"], 53],
  ["kube-system", "metrics-server", "Deployment", "metrics-server/metrics-server", ["mountsToken"], 10250],
  [
    "ingress-nginx",
    "ingress-nginx-controller",
    "Deployment",
    "ingress-nginx/controller",
    ["mountsToken", "escalation", "noLimits"],
    443,
  ],
  ["cert-manager", "cert-manager", "Deployment", "jetstack/cert-manager-controller", ["mountsToken", "noLimits"], 9402],
  [
    "cert-manager",
    "cert-manager-cainjector",
    "Deployment",
    "jetstack/cert-manager-cainjector",
    ["mountsToken", "noLimits"],
  ],
  [
    "cert-manager",
    "cert-manager-webhook",
    "Deployment",
    "jetstack/cert-manager-webhook",
    ["mountsToken", "noLimits"],
    10250,
  ],
  ["monitoring", "prometheus", "StatefulSet", "prometheus/prometheus", ["mountsToken"], 9090],
  ["monitoring", "kube-state-metrics", "Deployment", "kube-state-metrics/kube-state-metrics", ["mountsToken"], 8080],
  [
    "monitoring",
    "node-exporter",
    "DaemonSet",
    "prometheus/node-exporter",
    ["hostNetwork", "hostPid", "hostPath", "mountsToken"],
    9100,
  ],
  ["monitoring", "otel-collector", "Deployment", "otel/opentelemetry-collector", ["mountsToken"], 4317],
];
const HOST: (keyof Traits)[] = [
  "privileged",
  "hostNetwork",
  "hostPath",
  "root",
  "writableRoot",
  "noLimits",
  "mountsToken",
  "escalation",
  "noSeccomp",
];
const BY_DISTRIBUTION: Record<"aks" | "eks" | "gke" | "arc", SystemApp[]> = {
  aks: [
    ["kube-system", "azure-cns", "DaemonSet", "oss/azure-cns", HOST],
    ["kube-system", "cloud-node-manager", "DaemonSet", "oss/cloud-node-manager", ["hostNetwork", "mountsToken"]],
    ["kube-system", "csi-azuredisk-node", "DaemonSet", "oss/azuredisk-csi", HOST],
    ["kube-system", "konnectivity-agent", "Deployment", "oss/apiserver-network-proxy", ["mountsToken"]],
    ["kube-system", "azure-wi-webhook", "Deployment", "oss/azure-workload-identity", ["mountsToken"], 9443],
  ],
  eks: [
    ["kube-system", "aws-node", "DaemonSet", "amazon-k8s-cni", HOST],
    ["kube-system", "ebs-csi-node", "DaemonSet", "ebs-csi/driver", HOST],
    ["kube-system", "ebs-csi-controller", "Deployment", "ebs-csi/driver", ["mountsToken"]],
    [
      "kube-system",
      "eks-pod-identity-agent",
      "DaemonSet",
      "eks-pod-identity-agent",
      ["hostNetwork", "root", "capabilities"],
    ],
    [
      "kube-system",
      "aws-load-balancer-controller",
      "Deployment",
      "aws-load-balancer-controller",
      ["mountsToken"],
      9443,
    ],
  ],
  gke: [
    ["kube-system", "netd", "DaemonSet", "gke/netd", HOST],
    ["kube-system", "gke-metadata-server", "DaemonSet", "gke/metadata-server", HOST],
    ["kube-system", "pdcsi-node", "DaemonSet", "gke/pdcsi", HOST],
    ["kube-system", "fluentbit-gke", "DaemonSet", "gke/fluent-bit", ["hostPath", "root", "mountsToken"]],
    ["gmp-system", "collector", "DaemonSet", "gke/gmp-collector", ["mountsToken"]],
  ],
  arc: [
    ["azure-arc", "clusterconnect-agent", "Deployment", "azurearc/clusterconnect-agent", ["mountsToken"]],
    ["azure-arc", "cluster-metadata-operator", "Deployment", "azurearc/metadata-operator", ["mountsToken"]],
    ["azure-arc", "config-agent", "Deployment", "azurearc/config-agent", ["mountsToken"]],
    ["kube-system", "local-path-provisioner", "Deployment", "rancher/local-path", ["mountsToken", "root"]],
    ["kube-system", "svclb-traefik", "DaemonSet", "rancher/klipper-lb", ["capabilities", "root", "noLimits"]],
  ],
};

/** The workloads every cluster of a distribution carries. Their traits are fixed. */
export function systemApps(place: Place): App[] {
  const { distribution, alsoArcIn } = place.plan.base;
  const agents = alsoArcIn === undefined ? [] : BY_DISTRIBUTION.arc.filter(([namespace]) => namespace === "azure-arc");
  return [...ALL, ...BY_DISTRIBUTION[distribution], ...agents].map(([namespace, name, kind, image, bad, port]): App => {
    const fixed = cleanTraits();
    for (const trait of bad) fixed[trait] = true;
    return {
      kind,
      namespace,
      name,
      team: "platform",
      care: "good",
      born: place.born + 0.01,
      replicas: 2,
      image,
      init: false,
      story: [],
      fixed,
      system: true,
      ...(port === undefined ? {} : { port }),
      ...(namespace === "ingress-nginx" ? { serviceType: "LoadBalancer" as const } : {}),
    };
  });
}

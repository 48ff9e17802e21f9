import {
  type Addon,
  type AddonPlace,
  installedBy,
  mounts,
  nodePaths,
  port,
  probes,
  RESTRICTED,
  resources,
  SECCOMP,
} from "./addon";
import type { Json } from "./objects";
import { hex } from "./random";

const chart = installedBy("helm", (own, name) => ({
  "app.kubernetes.io/managed-by": "Helm",
  "app.kubernetes.io/part-of": own["app.kubernetes.io/name"] ?? name,
}));
const named = (name: string, component: string): Record<string, string> => ({
  "app.kubernetes.io/name": name,
  "app.kubernetes.io/instance": name,
  "app.kubernetes.io/component": component,
});

/** What the platform team installs from public charts. Charts come without limits and disruption budgets: careful teams set them. */
export function chartAddons({ plane }: AddonPlace): Addon[] {
  const good = plane.care === "good";
  const sized = (cpu: string, memory: string, limit: string): Json =>
    good ? resources([cpu, memory], ["1", limit]) : plane.care === "middling" ? resources([cpu, memory]) : {};
  const replicas = good ? 3 : plane.care === "middling" ? 2 : 1;
  const scratch = (name: string): Json => ({ name, emptyDir: good ? { sizeLimit: "64Mi" } : {} });
  const manager = (component: string, image: string, ports: Json[]): Addon =>
    chart(
      "Deployment",
      "cert-manager",
      component === "controller" ? "cert-manager" : `cert-manager-${component}`,
      named(component === "controller" ? "cert-manager" : component, component),
      {
        securityContext: { runAsNonRoot: true, ...SECCOMP },
        enableServiceLinks: false,
        containers: [
          {
            name: `cert-manager-${component}`,
            image: `quay.io/jetstack/cert-manager-${image}:v1.19.1`,
            ports,
            resources: sized("10m", "64Mi", "256Mi"),
            securityContext: RESTRICTED,
            livenessProbe: { httpGet: { path: "/livez", port: 9403, scheme: "HTTP" }, periodSeconds: 10 },
            readinessProbe: { httpGet: { path: "/healthz", port: 6080, scheme: "HTTP" }, periodSeconds: 5 },
          },
        ],
      },
      component === "webhook" ? { port: 10250, replicas } : {},
    );
  const prometheus = named("prometheus", "server");
  const exporter = named("node-exporter", "metrics");
  const state = named("kube-state-metrics", "metrics");
  return [
    chart(
      "Deployment",
      "ingress-nginx",
      "ingress-nginx-controller",
      named("ingress-nginx", "controller"),
      {
        terminationGracePeriodSeconds: 300,
        containers: [
          {
            name: "controller",
            image: `registry.k8s.io/ingress-nginx/controller:v1.14.0@sha256:${hex("ingress-nginx/controller", 64)}`,
            args: ["/nginx-ingress-controller", "--election-id=ingress-nginx-leader", "--validating-webhook=:8443"],
            ports: [port(80, "http"), port(443, "https"), port(8443, "webhook")],
            resources: good ? resources(["100m", "90Mi"], ["2", "1Gi"]) : resources(["100m", "90Mi"]),
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] },
              readOnlyRootFilesystem: false,
              runAsGroup: 82,
              runAsNonRoot: true,
              runAsUser: 101,
              ...SECCOMP,
            },
            ...probes(10254, "/healthz", "/healthz"),
          },
        ],
      },
      { serviceAccount: "ingress-nginx", port: 443, serviceType: "LoadBalancer", replicas },
    ),
    manager("controller", "controller", [port(9402, "http-metrics")]),
    manager("cainjector", "cainjector", [port(9402, "http-metrics")]),
    manager("webhook", "webhook", [port(10250, "https")]),
    chart(
      "StatefulSet",
      "monitoring",
      "prometheus",
      prometheus,
      {
        securityContext: { fsGroup: 2000, runAsGroup: 2000, runAsNonRoot: true, runAsUser: 1000, ...SECCOMP },
        terminationGracePeriodSeconds: 600,
        containers: [
          {
            name: "prometheus",
            image: "quay.io/prometheus/prometheus:v3.7.3",
            ports: [port(9090, "http-web")],
            resources: sized("500m", "2Gi", "4Gi"),
            securityContext: RESTRICTED,
            volumeMounts: mounts("data:/prometheus"),
            ...probes("http-web", "/-/healthy", "/-/ready"),
          },
        ],
        volumes: [{ name: "data", persistentVolumeClaim: { claimName: "prometheus-data" } }],
      },
      { port: 9090, replicas: good ? 2 : 1 },
    ),
    chart(
      "Deployment",
      "monitoring",
      "kube-state-metrics",
      state,
      {
        securityContext: { fsGroup: 65534, runAsGroup: 65534, runAsNonRoot: true, runAsUser: 65534, ...SECCOMP },
        containers: [
          {
            name: "kube-state-metrics",
            image: "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.17.0",
            ports: [port(8080, "http")],
            resources: sized("10m", "64Mi", "256Mi"),
            securityContext: RESTRICTED,
            ...probes(8080, "/livez", "/readyz"),
          },
        ],
      },
      { port: 8080 },
    ),
    chart("DaemonSet", "monitoring", "node-exporter", exporter, {
      automountServiceAccountToken: false,
      hostNetwork: true,
      hostPID: true,
      securityContext: { fsGroup: 65534, runAsGroup: 65534, runAsNonRoot: true, runAsUser: 65534, ...SECCOMP },
      containers: [
        {
          name: "node-exporter",
          image: "quay.io/prometheus/node-exporter:v1.10.2",
          args: ["--path.procfs=/host/proc", "--path.sysfs=/host/sys", "--path.rootfs=/host/root"],
          ports: [port(9100, "http-metrics")],
          resources: sized("50m", "32Mi", "64Mi"),
          securityContext: RESTRICTED,
          ...probes("http-metrics", "/", "/"),
          volumeMounts: mounts("proc:/host/proc:ro", "sys:/host/sys:ro", "root:/host/root:ro"),
        },
      ],
      volumes: nodePaths("proc:/proc", "sys:/sys", "root:/"),
    }),
    chart(
      "Deployment",
      "monitoring",
      "otel-collector",
      named("opentelemetry-collector", "standalone-collector"),
      {
        securityContext: good ? { runAsNonRoot: true, runAsUser: 10001, ...SECCOMP } : {},
        containers: [
          {
            name: "opentelemetry-collector",
            image: "otel/opentelemetry-collector-k8s:0.139.0",
            ports: [port(4317, "otlp")],
            resources: sized("200m", "256Mi", "1Gi"),
            securityContext: good ? RESTRICTED : {},
            ...probes(13133, "/", "/"),
            volumeMounts: mounts("scratch:/tmp"),
          },
        ],
        volumes: [scratch("scratch")],
      },
      { port: 4317, replicas },
    ),
  ];
}

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
import { minorOf } from "./scenario-versions";

const addon = installedByCloud("eks");

/** The registry that AWS serves its own images from. */
const registry = (region: string): string => `602401143452.dkr.ecr.${region}.amazonaws.com/eks`;
const KUBELET = "/var/lib/kubelet";

/** The storage driver of EKS, as `aws-ebs-csi-driver` publishes its chart. */
const ebs = (images: string): Addon[] => {
  const labels = (name: string) => ({ app: name, "app.kubernetes.io/name": "aws-ebs-csi-driver" });
  const helper = (name: string, tag: string): Json => ({
    name,
    image: `${images}/${tag}`,
    resources: resources(["10m", "40Mi"], ["", "256Mi"]),
    securityContext: RESTRICTED,
    volumeMounts: mounts("socket-dir:/csi"),
  });
  return [
    addon(
      "DaemonSet",
      "ebs-csi-node",
      labels("ebs-csi-node"),
      {
        priorityClassName: "system-node-critical",
        securityContext: { fsGroup: 0, runAsGroup: 0, runAsNonRoot: false, runAsUser: 0 },
        containers: [
          {
            name: "ebs-plugin",
            image: `${images}/aws-ebs-csi-driver:v1.52.1`,
            args: ["node", "--endpoint=$(CSI_ENDPOINT)", "--logging-format=text", "--v=2"],
            ports: [port(9808, "healthz")],
            resources: resources(["10m", "40Mi"], ["", "256Mi"]),
            securityContext: { privileged: true, readOnlyRootFilesystem: true },
            livenessProbe: { httpGet: { path: "/healthz", port: "healthz", scheme: "HTTP" }, periodSeconds: 10 },
            volumeMounts: mounts(`kubelet-dir:${KUBELET}`, "plugin-dir:/csi", "device-dir:/dev"),
          },
          {
            ...helper("node-driver-registrar", "csi-node-driver-registrar:v2.15.0"),
            volumeMounts: mounts("plugin-dir:/csi"),
          },
          { ...helper("liveness-probe", "livenessprobe:v2.17.0"), volumeMounts: mounts("plugin-dir:/csi") },
        ],
        volumes: nodePaths(
          `kubelet-dir:${KUBELET}`,
          `plugin-dir:${KUBELET}/plugins/ebs.csi.aws.com/`,
          "device-dir:/dev",
        ),
      },
      { serviceAccount: "ebs-csi-node-sa" },
    ),
    addon(
      "Deployment",
      "ebs-csi-controller",
      labels("ebs-csi-controller"),
      {
        priorityClassName: "system-cluster-critical",
        securityContext: { fsGroup: 1000, runAsGroup: 1000, runAsNonRoot: true, runAsUser: 1000 },
        containers: [
          {
            ...helper("ebs-plugin", "aws-ebs-csi-driver:v1.52.1"),
            securityContext: { ...RESTRICTED, capabilities: { drop: ["ALL"] }, ...SECCOMP },
          },
          helper("csi-provisioner", "csi-provisioner:v5.3.0"),
          helper("csi-attacher", "csi-attacher:v4.10.0"),
          helper("csi-resizer", "csi-resizer:v1.14.0"),
        ],
        volumes: [{ name: "socket-dir", emptyDir: {} }],
      },
      { serviceAccount: "ebs-csi-controller-sa", replicas: 2 },
    ),
  ];
};

/** What EKS and its add-ons keep in kube-system, after the manifests and charts that AWS publishes. */
export function eksAddons({ version, region, plane }: AddonPlace): Addon[] {
  const kubernetes = version.replace(/-.*/, "");
  const images = registry(region);
  const dns = { "eks.amazonaws.com/component": "coredns", "k8s-app": "kube-dns" };
  const guard = { "app.kubernetes.io/name": "aws-guardduty-agent" };
  return [
    addon(
      "DaemonSet",
      "aws-node",
      { "k8s-app": "aws-node", "app.kubernetes.io/name": "aws-node" },
      {
        ...ON_NODES,
        securityContext: {},
        initContainers: [
          {
            name: "aws-vpc-cni-init",
            image: `${images}/amazon-k8s-cni-init:v1.21.1`,
            resources: resources(["25m", ""]),
            securityContext: { privileged: true },
            volumeMounts: mounts("cni-bin-dir:/host/opt/cni/bin"),
          },
        ],
        containers: [
          {
            name: "aws-node",
            image: `${images}/amazon-k8s-cni:v1.21.1`,
            ports: [port(61678, "metrics")],
            resources: resources(["25m", ""]),
            securityContext: { capabilities: { add: ["NET_ADMIN", "NET_RAW"] } },
            livenessProbe: { exec: { command: ["/app/grpc-health-probe", "-addr=:50051"] }, periodSeconds: 10 },
            readinessProbe: { exec: { command: ["/app/grpc-health-probe", "-addr=:50051"] }, periodSeconds: 10 },
            volumeMounts: mounts(
              "cni-bin-dir:/host/opt/cni/bin",
              "log-dir:/host/var/log/aws-routed-eni",
              "run-dir:/var/run/aws-node",
            ),
          },
          {
            name: "aws-eks-nodeagent",
            image: `${images}/aws-network-policy-agent:v1.3.0`,
            resources: resources(["25m", ""]),
            securityContext: { privileged: true, capabilities: { add: ["NET_ADMIN"] } },
            volumeMounts: mounts("bpf-pin-path:/sys/fs/bpf", "log-dir:/var/log/aws-routed-eni"),
          },
        ],
        volumes: nodePaths(
          "cni-bin-dir:/opt/cni/bin",
          "log-dir:/var/log/aws-routed-eni",
          "run-dir:/var/run/aws-node",
          "bpf-pin-path:/sys/fs/bpf",
        ),
      },
    ),
    addon(
      "DaemonSet",
      "kube-proxy",
      { "k8s-app": "kube-proxy", "eks.amazonaws.com/component": "kube-proxy" },
      {
        ...ON_NODES,
        containers: [
          {
            name: "kube-proxy",
            image: `${images}/kube-proxy:v${kubernetes}-minimal-eksbuild.2`,
            command: ["kube-proxy", "--v=2", "--config=/var/lib/kube-proxy-config/config"],
            resources: resources(["100m", ""]),
            securityContext: { privileged: true },
            volumeMounts: mounts("varlog:/var/log", "xtables-lock:/run/xtables.lock", "lib-modules:/lib/modules:ro"),
          },
        ],
        volumes: nodePaths("varlog:/var/log", "xtables-lock:/run/xtables.lock", "lib-modules:/lib/modules"),
      },
    ),
    addon(
      "Deployment",
      "coredns",
      dns,
      {
        priorityClassName: "system-cluster-critical",
        dnsPolicy: "Default",
        securityContext: {},
        containers: [
          {
            name: "coredns",
            image: `${images}/coredns:v${minorOf(version) >= 35 ? "1.13.2" : "1.12.4"}-eksbuild.3`,
            args: ["-conf", "/etc/coredns/Corefile"],
            ports: [port(53, "dns", "UDP"), port(53, "dns-tcp"), port(9153, "metrics")],
            resources: resources(["100m", "70Mi"], ["", "170Mi"]),
            securityContext: { ...RESTRICTED, capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] } },
            ...probes(8080, "/health", "/ready"),
          },
        ],
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: "topology.kubernetes.io/zone",
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: { "k8s-app": "kube-dns" } },
          },
        ],
      },
      { port: 53, replicas: 2 },
    ),
    ...ebs(images),
    addon(
      "Deployment",
      "aws-load-balancer-controller",
      { "app.kubernetes.io/name": "aws-load-balancer-controller" },
      {
        priorityClassName: "system-cluster-critical",
        securityContext: { fsGroup: 65534 },
        containers: [
          {
            name: "aws-load-balancer-controller",
            image: "public.ecr.aws/eks/aws-load-balancer-controller:v2.14.1",
            ports: [port(9443, "webhook-server"), port(8080, "metrics-server")],
            resources: plane.care === "bad" ? {} : resources(["100m", "128Mi"], ["200m", "256Mi"]),
            securityContext: { ...RESTRICTED, runAsNonRoot: true },
            ...probes(61779, "/healthz", "/readyz"),
          },
        ],
      },
      { manager: "helm", port: 9443, replicas: 2 },
    ),
    ...(plane.workloadIdentity
      ? [
          addon(
            "DaemonSet",
            "eks-pod-identity-agent",
            { "app.kubernetes.io/name": "eks-pod-identity-agent" },
            {
              ...ON_NODES,
              initContainers: [
                {
                  name: "eks-pod-identity-agent-init",
                  image: `${images}/eks-pod-identity-agent:v0.1.32`,
                  command: ["/go-runner", "/eks-pod-identity-agent", "initialize"],
                  securityContext: { privileged: true },
                },
              ],
              containers: [
                {
                  name: "eks-pod-identity-agent",
                  image: `${images}/eks-pod-identity-agent:v0.1.32`,
                  ports: [port(80, "proxy"), port(2703, "probes-port")],
                  securityContext: { capabilities: { add: ["CAP_NET_BIND_SERVICE"] } },
                  ...probes("probes-port", "/healthz", "/readyz"),
                },
              ],
            },
            { serviceAccount: "default" },
          ),
        ]
      : []),
    ...(plane.threatDetection
      ? [
          addon(
            "DaemonSet",
            "aws-guardduty-agent",
            guard,
            {
              hostPID: true,
              ...ON_NODES,
              containers: [
                {
                  name: "aws-guardduty-agent",
                  image: `${images.replace("602401143452", "694911143906")}/aws-guardduty-agent:v1.12.1`,
                  resources: resources(["200m", "256Mi"], ["1", "1Gi"]),
                  securityContext: {
                    allowPrivilegeEscalation: false,
                    capabilities: {
                      add: ["NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE", "BPF", "DAC_READ_SEARCH"],
                      drop: ["ALL"],
                    },
                  },
                  volumeMounts: mounts("host-proc:/host/proc:ro"),
                },
              ],
              volumes: nodePaths("host-proc:/proc"),
            },
            { namespace: "amazon-guardduty" },
          ),
        ]
      : []),
  ];
}

import { type Json, type KubeObject, type Place, type Rendered, render, seedOf } from "./objects";
import { nodeNames } from "./objects-node";
import { hex, uuid } from "./random";

const PKI = "/var/lib/rancher/rke2/server/tls";

/** Command lines of a control plane that somebody set up with care, or without. */
const commands = (good: boolean): Record<string, string[]> => ({
  "kube-apiserver": [
    `--anonymous-auth=${!good}`,
    "--authorization-mode=Node,RBAC",
    `--client-ca-file=${PKI}/client-ca.crt`,
    "--enable-admission-plugins=NodeRestriction",
    "--etcd-servers=https://127.0.0.1:2379",
    `--etcd-cafile=${PKI}/etcd/server-ca.crt`,
    `--etcd-certfile=${PKI}/etcd/client.crt`,
    `--etcd-keyfile=${PKI}/etcd/client.key`,
    `--kubelet-client-certificate=${PKI}/client-kube-apiserver.crt`,
    `--kubelet-client-key=${PKI}/client-kube-apiserver.key`,
    `--service-account-key-file=${PKI}/service.key`,
    `--tls-cert-file=${PKI}/serving-kube-apiserver.crt`,
    `--tls-private-key-file=${PKI}/serving-kube-apiserver.key`,
    "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    ...(good
      ? [
          "--profiling=false",
          "--audit-policy-file=/etc/rancher/rke2/audit.yaml",
          "--audit-log-path=/var/log/audit.log",
          "--audit-log-maxage=30",
          "--encryption-provider-config=/etc/rancher/rke2/encryption.yaml",
          `--kubelet-certificate-authority=${PKI}/server-ca.crt`,
        ]
      : ["--token-auth-file=/etc/rancher/rke2/tokens.csv"]),
  ],
  "kube-controller-manager": [
    `--root-ca-file=${PKI}/server-ca.crt`,
    `--service-account-private-key-file=${PKI}/service.current.key`,
    `--use-service-account-credentials=${good}`,
    ...(good ? ["--profiling=false", "--bind-address=127.0.0.1"] : []),
  ],
  "kube-scheduler": [
    "--leader-elect=true",
    ...(good ? ["--profiling=false", "--bind-address=127.0.0.1"] : ["--profiling=true"]),
  ],
  etcd: [
    "--client-cert-auth=true",
    `--trusted-ca-file=${PKI}/etcd/server-ca.crt`,
    "--listen-client-urls=https://127.0.0.1:2379",
    "--listen-peer-urls=https://127.0.0.1:2380",
    `--cert-file=${PKI}/etcd/server.crt`,
    `--key-file=${PKI}/etcd/server.key`,
    `--peer-cert-file=${PKI}/etcd/peer-server-client.crt`,
    `--peer-key-file=${PKI}/etcd/peer-server-client.key`,
    ...(good ? ["--peer-client-cert-auth=true", `--peer-trusted-ca-file=${PKI}/etcd/peer-ca.crt`] : []),
  ],
});

/** The static pods of a control plane of one's own, as its first node mirrors them; nothing where a cloud runs it. */
export function controlPlane(place: Place): Rendered[] {
  const { plan, born, cluster } = place;
  const [node] = nodeNames(place);
  if (plan.staticPods !== true || node === undefined) return [];
  const owner: KubeObject = {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: node,
      uid: uuid(seedOf(place, "Node", "", node, String(born))),
      creationTimestamp: "",
    },
  };
  return Object.entries(commands(plan.care === "good")).map(([name, flags]) => {
    const hash = hex(seedOf(place, "static", name), 32);
    const image = `index.docker.io/rancher/${name === "etcd" ? "hardened-etcd" : "hardened-kubernetes"}:v${cluster.version.replace("+", "-")}`;
    const spec: Json = {
      containers: [
        {
          name,
          image,
          imagePullPolicy: "IfNotPresent",
          command: [name],
          args: flags,
          resources: { requests: { cpu: "250m", memory: "1Gi" } },
          securityContext: { privileged: false },
          volumeMounts: [{ name: "tls", mountPath: PKI, readOnly: true }],
        },
      ],
      hostNetwork: true,
      priorityClassName: "system-cluster-critical",
      restartPolicy: "Always",
      nodeName: node,
      enableServiceLinks: true,
      volumes: [{ name: "tls", hostPath: { path: PKI, type: "DirectoryOrCreate" } }],
    };
    return render(place, {
      apiVersion: "v1",
      kind: "Pod",
      resource: "pods",
      namespace: "kube-system",
      name: `${name}-${node}`,
      created: born,
      labels: { component: name, tier: "control-plane" },
      annotations: {
        "kubernetes.io/config.hash": hash,
        "kubernetes.io/config.mirror": hash,
        "kubernetes.io/config.source": "file",
      },
      owner,
      body: {
        spec,
        status: {
          phase: "Running",
          containerStatuses: [
            { name, image, imageID: `${image}@sha256:${hex(image, 64)}`, ready: true, restartCount: 0 },
          ],
        },
      },
    });
  });
}

/** What a kubelet answers at `/configz`: its configuration with every default filled in. */
export function kubeletConfig(place: Pick<Place, "plan">, node: string): Json {
  const good = place.plan.care === "good";
  return {
    kubeletconfig: {
      syncFrequency: "1m0s",
      fileCheckFrequency: "20s",
      httpCheckFrequency: "20s",
      address: "0.0.0.0",
      port: 10250,
      ...(good ? {} : { readOnlyPort: 10255 }),
      tlsCertFile: "/etc/kubernetes/certs/kubeletserver.crt",
      tlsPrivateKeyFile: "/etc/kubernetes/certs/kubeletserver.key",
      rotateCertificates: true,
      ...(good ? { serverTLSBootstrap: true } : {}),
      authentication: {
        x509: { clientCAFile: "/etc/kubernetes/pki/ca.crt" },
        webhook: { enabled: true, cacheTTL: "2m0s" },
        anonymous: { enabled: false },
      },
      authorization: { mode: "Webhook", webhook: { cacheAuthorizedTTL: "5m0s", cacheUnauthorizedTTL: "30s" } },
      registryPullQPS: 5,
      registryBurst: 10,
      eventRecordQPS: good ? 50 : 1,
      eventBurst: 100,
      enableDebuggingHandlers: true,
      healthzPort: 10248,
      healthzBindAddress: "127.0.0.1",
      clusterDomain: "cluster.local",
      clusterDNS: ["10.0.0.10"],
      streamingConnectionIdleTimeout: "4h0m0s",
      nodeStatusUpdateFrequency: "10s",
      makeIPTablesUtilChains: true,
      maxPods: 110,
      podPidsLimit: good ? 4096 : -1,
      ...(good ? { protectKernelDefaults: true } : {}),
      seccompDefault: good,
      providerID: `node://${node}`,
    },
  };
}

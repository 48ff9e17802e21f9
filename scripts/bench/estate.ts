import { createHash } from "node:crypto";

/** A cluster of `PODS` pods of about 7 KB: of Deployments, or bare, so that every pod is a workload of its own. */
export type Shape = "owned" | "bare";
export const SHAPES: readonly Shape[] = ["owned", "bare"];
export const PODS = 10_000;
const DEPLOYMENTS = 1000;
const NAMESPACES = 50;
const NODES = 100;

type Json = Record<string, unknown>;
let serial = 0;

const hex = (of: string, length: number): string => createHash("sha256").update(of).digest("hex").slice(0, length);
const uidOf = (of: string): string => {
  const digits = hex(of, 32);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
};
const namespaceOf = (index: number): string => `team-${index % NAMESPACES}`;

function metadata(
  kind: string,
  name: string,
  namespace?: string,
  owner?: [string, string, string],
  labels?: Json,
): Json {
  serial++;
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid: uidOf(`${kind}/${name}`),
    resourceVersion: String(1_000_000 + serial * 7),
    creationTimestamp: new Date(Date.UTC(2026, 0, 1) + serial * 61_000).toISOString().replace(".000Z", "Z"),
    ...(labels === undefined ? {} : { labels }),
    annotations: { "example.com/release": hex(name, 40), "example.com/owner": `${namespace ?? "cluster"}@example.com` },
    ...(owner && {
      ownerReferences: [
        {
          apiVersion: owner[0],
          kind: owner[1],
          name: owner[2],
          uid: uidOf(`${owner[1]}/${owner[2]}`),
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    }),
  };
}

function container(app: string, index: number, kind: string): Json {
  const hard = index % 3 !== 0;
  return {
    name: `${app}-${kind}`,
    image: `registry.example.com/${app}/${kind}:${index % 7}.${index % 13}.1`,
    imagePullPolicy: "IfNotPresent",
    command: ["/usr/local/bin/server", "--config", `/etc/${app}/config.yaml`],
    env: Array.from({ length: 8 }, (_, at) => ({ name: `SETTING_${at}`, value: `${app}-${hex(`${app}${at}`, 24)}` })),
    ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
    resources: hard ? { limits: { cpu: "500m", memory: "256Mi" }, requests: { cpu: "50m", memory: "128Mi" } } : {},
    livenessProbe: { httpGet: { path: "/live", port: 8080, scheme: "HTTP" }, periodSeconds: 10, failureThreshold: 3 },
    securityContext: hard
      ? { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } }
      : { privileged: index % 50 === 0 },
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    volumeMounts: [
      { name: "config", mountPath: `/etc/${app}`, readOnly: true },
      { name: "token", mountPath: "/var/run/secrets/kubernetes.io/serviceaccount", readOnly: true },
    ],
  };
}

export function podSpec(app: string, index: number): Json {
  return {
    containers: [container(app, index, "main"), ...(index % 2 === 0 ? [container(app, index, "sidecar")] : [])],
    ...(index % 5 === 0 ? { initContainers: [container(app, index, "init")] } : {}),
    volumes: [
      { name: "config", configMap: { name: `${app}-config`, defaultMode: 420 } },
      { name: "token", projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: "token" } }] } },
      ...(index % 100 === 0 ? [{ name: "host", hostPath: { path: "/var/log", type: "" } }] : []),
    ],
    serviceAccountName: `account-${index % 10}`,
    restartPolicy: "Always",
    dnsPolicy: "ClusterFirst",
    schedulerName: "default-scheduler",
    terminationGracePeriodSeconds: 30,
    securityContext: index % 3 === 0 ? {} : { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    tolerations: ["not-ready", "unreachable"].map((key) => ({
      key: `node.kubernetes.io/${key}`,
      operator: "Exists",
      effect: "NoExecute",
      tolerationSeconds: 300,
    })),
  };
}

/** What a real server adds: field ownership and status, which are most of a pod's bytes and none of its posture. */
function pod(name: string, namespace: string, app: string, index: number, owner?: [string, string, string]): Json {
  const spec: Json = { ...podSpec(app, index), nodeName: `node-${index % NODES}` };
  const started = { running: { startedAt: "2026-01-02T03:04:05Z" } };
  const containers = spec.containers as { name: string; image: string }[];
  const fields = (names: string[]): Json => Object.fromEntries(names.map((one) => [`f:${one}`, {}]));
  const item: Json = {
    metadata: {
      ...metadata("Pod", name, namespace, owner, { app, "pod-template-hash": hex(app, 10), tier: `tier-${index % 4}` }),
      generateName: `${app}-${hex(app, 10)}-`,
      managedFields: ["kube-controller-manager", "kubelet"].map((manager) => ({
        manager,
        operation: "Update",
        apiVersion: "v1",
        time: "2026-01-02T03:04:05Z",
        fieldsType: "FieldsV1",
        fieldsV1: {
          "f:metadata": { "f:labels": fields(["app", "pod-template-hash", "tier"]), "f:ownerReferences": {} },
          "f:spec": Object.fromEntries(
            containers.map((one) => [
              `k:{"name":"${one.name}"}`,
              fields([
                "command",
                "env",
                "image",
                "livenessProbe",
                "ports",
                "resources",
                "securityContext",
                "volumeMounts",
              ]),
            ]),
          ),
        },
      })),
    },
    spec,
    status: {
      phase: "Running",
      hostIP: `10.1.0.${index % NODES}`,
      podIP: `10.${index % 200}.${(index >> 8) % 250}.${index % 250}`,
      qosClass: "Burstable",
      startTime: "2026-01-02T03:04:00Z",
      conditions: ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"].map(
        (type) => ({
          type,
          status: "True",
          lastProbeTime: null,
          lastTransitionTime: "2026-01-02T03:04:05Z",
        }),
      ),
      containerStatuses: containers.map(({ name: of, image }) => ({
        name: of,
        image,
        imageID: `${image.split(":")[0]}@sha256:${hex(image, 64)}`,
        containerID: `containerd://${hex(`${name}${of}`, 64)}`,
        ready: true,
        restartCount: 0,
        started: true,
        state: started,
      })),
    },
  };
  const missing = Math.ceil((7000 - JSON.stringify(item).length) / 40);
  Object.assign(item.status as Json, {
    message: Array.from({ length: Math.max(missing, 0) }, (_, at) => hex(`${name}${at}`, 39)).join(" "),
  });
  return item;
}

const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

/** Raw list items by kind; kinds that are not named have none. */
export function estate(shape: Shape): Record<string, Json[]> {
  serial = 0;
  const rest: Record<string, Json[]> = {
    Namespace: [...many(NAMESPACES, namespaceOf), "kube-system"].map((name) => ({
      metadata: metadata("Namespace", name),
    })),
    Node: many(NODES, (at) => ({
      metadata: metadata("Node", `node-${at}`),
      spec: {},
      status: { nodeInfo: { kubeletVersion: "v1.33.1", osImage: "Linux" }, capacity: { cpu: "16", memory: "64Gi" } },
    })),
    ServiceAccount: many(NAMESPACES * 10, (at) => ({
      metadata: metadata("ServiceAccount", `account-${Math.floor(at / NAMESPACES)}`, namespaceOf(at)),
    })),
    Service: many(500, (at) => ({
      metadata: metadata("Service", `app-${at}`, namespaceOf(at)),
      spec: {
        type: at % 25 === 0 ? "LoadBalancer" : "ClusterIP",
        selector: { app: `app-${at}` },
        ports: [{ port: 80 }],
      },
    })),
    NetworkPolicy: many(40, (at) => ({
      metadata: metadata("NetworkPolicy", `default-${at}`, namespaceOf(at)),
      spec: { podSelector: {}, policyTypes: ["Ingress"] },
    })),
    ClusterRole: many(80, (at) => ({
      metadata: metadata("ClusterRole", `role-${at}`),
      rules: [{ apiGroups: [""], resources: at % 20 === 0 ? ["*"] : ["pods"], verbs: at % 20 === 0 ? ["*"] : ["get"] }],
    })),
    ClusterRoleBinding: many(80, (at) => ({
      metadata: metadata("ClusterRoleBinding", `binding-${at}`),
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: `role-${at}` },
      subjects: [{ kind: "ServiceAccount", name: `account-${at % 10}`, namespace: namespaceOf(at) }],
    })),
  };
  if (shape === "bare") {
    return {
      ...rest,
      Pod: many(PODS, (at) =>
        pod(`app-${at % DEPLOYMENTS}-${hex(`p${at}`, 8)}`, namespaceOf(at), `app-${at % DEPLOYMENTS}`, at),
      ),
    };
  }
  const replicaSet = (at: number): string => `app-${at}-${hex(`app-${at}`, 10)}`;
  const template = (at: number): Json => ({
    metadata: { labels: { app: `app-${at}` } },
    spec: podSpec(`app-${at}`, at),
  });
  return {
    ...rest,
    Deployment: many(DEPLOYMENTS, (at) => ({
      metadata: metadata("Deployment", `app-${at}`, namespaceOf(at)),
      spec: { replicas: 10, selector: { matchLabels: { app: `app-${at}` } }, template: template(at) },
    })),
    ReplicaSet: many(DEPLOYMENTS, (at) => ({
      metadata: metadata("ReplicaSet", replicaSet(at), namespaceOf(at), ["apps/v1", "Deployment", `app-${at}`]),
      spec: { replicas: 10, selector: { matchLabels: { app: `app-${at}` } }, template: template(at) },
    })),
    Pod: many(PODS, (at) => {
      const of = at % DEPLOYMENTS;
      return pod(`${replicaSet(of)}-${hex(`p${at}`, 5)}`, namespaceOf(of), `app-${of}`, of, [
        "apps/v1",
        "ReplicaSet",
        replicaSet(of),
      ]);
    }),
  };
}

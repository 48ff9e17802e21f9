/** What a control of the bench sees, for all engines alike: plain JSON, one object per container or pod. */
export interface Input {
  readonly container: Container;
  readonly spec: Spec;
  readonly object: {
    readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Labels };
  };
}
type Labels = Readonly<Record<string, string>>;
interface Container {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly ports?: readonly { readonly hostPort?: number; readonly containerPort: number }[];
  readonly resources?: { readonly limits?: Labels; readonly requests?: Labels };
  readonly securityContext?: Context & {
    readonly capabilities?: { readonly add?: string[]; readonly drop?: string[] };
  };
  readonly livenessProbe?: object;
  readonly volumeMounts?: readonly { readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly command?: readonly string[];
}
interface Context {
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly procMount?: string;
  readonly seccompProfile?: { readonly type: string };
}
interface Spec {
  readonly [name: string]: unknown;
  readonly containers: readonly Container[];
  readonly hostNetwork?: boolean;
  readonly serviceAccountName?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: Context & { readonly sysctls?: readonly { readonly name: string }[] };
  readonly volumes?: readonly { readonly [type: string]: unknown; readonly hostPath?: { readonly path: string } }[];
  readonly tolerations?: readonly { readonly key?: string }[];
}

/** One question twice: as a person writes it in TypeScript, and as CEL in the two ways of reading what may be absent. */
export interface BenchControl {
  readonly of: "container" | "pod";
  readonly cel: (read: Read) => string;
  readonly hand: (input: Input) => boolean;
}
/** Writes the reading of a path with a default: `has()`, which every engine knows, or `.?` with `orValue`. */
export type Read = (path: string, fallback: string) => string;

export const readWithHas: Read = (path, fallback) => {
  const [root = "", ...keys] = path.split(".");
  const tests = keys.map((_, index) => `has(${[root, ...keys.slice(0, index + 1)].join(".")})`);
  return `(${tests.join(" && ")} ? ${path} : ${fallback})`;
};
export const readWithOptional: Read = (path, fallback) => `${path.replaceAll(".", ".?")}.orValue(${fallback})`;

const CAPABILITIES =
  "ALL SYS_ADMIN SYS_MODULE SYS_PTRACE SYS_RAWIO SYS_BOOT NET_ADMIN NET_RAW BPF DAC_READ_SEARCH SYS_TIME MKNOD AUDIT_WRITE SETUID".split(
    " ",
  );
const MOUNTS = [
  "/var/run/docker.sock",
  "/etc/kubernetes",
  "/proc",
  "/sys",
  "/var/lib/kubelet",
  "/root",
  "/dev",
  "/boot",
];
const HOST_PATHS = ["/", "/etc", "/proc", "/var/run", "/var/lib/kubelet", "/root", "/dev", "/boot", "/usr", "/var/log"];
const VOLUMES = [
  "hostPath",
  "nfs",
  "iscsi",
  "cephfs",
  "glusterfs",
  "flexVolume",
  "gitRepo",
  "rbd",
  "azureFile",
  "awsElasticBlockStore",
];
const SECRETS = ["PASSWORD", "TOKEN", "SECRET", "API_KEY", "PRIVATE_KEY", "CREDENTIAL"];
const LABELS = [
  "app",
  "tier",
  "owner",
  "app.kubernetes.io/name",
  "app.kubernetes.io/version",
  "environment",
  "cost-center",
];
const PORTS = [22, 80, 443, 2375, 3389, 6443, 10250];

const container = (hand: BenchControl["hand"], cel: BenchControl["cel"]): BenchControl => ({
  of: "container",
  cel,
  hand,
});
const pod = (hand: BenchControl["hand"], cel: BenchControl["cel"]): BenchControl => ({ of: "pod", cel, hand });

/** 100 controls in the mix of the product's: security contexts, capabilities, images, secrets, mounts, probes, host access. */
export const CONTROLS: readonly BenchControl[] = [
  container(
    ({ container: c }) => c.securityContext?.privileged ?? false,
    (read) => read("container.securityContext.privileged", "false"),
  ),
  container(
    ({ container: c, spec }) => (c.securityContext?.allowPrivilegeEscalation ?? true) && spec.os !== "windows",
    (read) =>
      `${read("container.securityContext.allowPrivilegeEscalation", "true")} && ${read("spec.os", "'linux'")} != 'windows'`,
  ),
  container(
    ({ container: c }) => !(c.securityContext?.readOnlyRootFilesystem ?? false),
    (read) => `!${read("container.securityContext.readOnlyRootFilesystem", "false")}`,
  ),
  container(
    ({ container: c, spec }) =>
      !(c.securityContext?.runAsNonRoot ?? spec.securityContext?.runAsNonRoot ?? false) &&
      (c.securityContext?.runAsUser ?? spec.securityContext?.runAsUser ?? 0) === 0,
    (read) =>
      `!${read("container.securityContext.runAsNonRoot", read("spec.securityContext.runAsNonRoot", "false"))} && ` +
      `${read("container.securityContext.runAsUser", read("spec.securityContext.runAsUser", "0"))} == 0`,
  ),
  container(
    ({ container: c }) => (c.securityContext?.procMount ?? "Default") !== "Default",
    (read) => `${read("container.securityContext.procMount", "'Default'")} != 'Default'`,
  ),
  container(
    ({ container: c, spec }) =>
      !["RuntimeDefault", "Localhost"].includes(
        c.securityContext?.seccompProfile?.type ?? spec.securityContext?.seccompProfile?.type ?? "",
      ),
    (read) =>
      `!(${read("container.securityContext.seccompProfile.type", read("spec.securityContext.seccompProfile.type", "''"))} in ['RuntimeDefault', 'Localhost'])`,
  ),
  container(
    ({ container: c }) => !(c.securityContext?.capabilities?.drop ?? []).includes("ALL"),
    (read) => `!('ALL' in ${read("container.securityContext.capabilities.drop", "[]")})`,
  ),
  ...CAPABILITIES.map((name) =>
    container(
      ({ container: c }) =>
        (c.securityContext?.capabilities?.add ?? []).some((added) => added === name || added === `CAP_${name}`),
      (read) =>
        `${read("container.securityContext.capabilities.add", "[]")}.exists(added, added == '${name}' || added == 'CAP_${name}')`,
    ),
  ),
  ...["cpu", "memory"].flatMap((resource) => [
    container(
      ({ container: c }) => (c.resources?.limits?.[resource] ?? "") === "",
      (read) => `${read(`container.resources.limits.${resource}`, "''")} == ''`,
    ),
    container(
      ({ container: c }) => (c.resources?.requests?.[resource] ?? "") === "",
      (read) => `${read(`container.resources.requests.${resource}`, "''")} == ''`,
    ),
  ]),
  container(
    ({ container: c }) => c.image.endsWith(":latest") || !/:[^:/]+$/.test(c.image),
    () => "container.image.endsWith(':latest') || !container.image.matches(':[^:/]+$')",
  ),
  container(
    ({ container: c }) => !/@sha256:[0-9a-f]{64}$/.test(c.image),
    () => "!container.image.matches('@sha256:[0-9a-f]{64}$')",
  ),
  ...["registry.example.com/", "mcr.microsoft.com/", "public.ecr.aws/", "gcr.io/"].map((registry) =>
    container(
      ({ container: c }) => !c.image.startsWith(registry),
      () => `!container.image.startsWith('${registry}')`,
    ),
  ),
  container(
    ({ container: c }) => (c.imagePullPolicy ?? "") !== "Always",
    (read) => `${read("container.imagePullPolicy", "''")} != 'Always'`,
  ),
  ...SECRETS.map((word) =>
    container(
      ({ container: c }) => (c.env ?? []).some((one) => one.name.includes(word) && (one.value ?? "") !== ""),
      (read) =>
        `${read("container.env", "[]")}.exists(e, e.name.contains('${word}') && ${read("e.value", "''")} != '')`,
    ),
  ),
  container(
    ({ container: c }) => (c.env ?? []).some((one) => /^(AKIA|ASIA)[0-9A-Z]{16}$/.test(one.value ?? "")),
    (read) => `${read("container.env", "[]")}.exists(e, ${read("e.value", "''")}.matches('^(AKIA|ASIA)[0-9A-Z]{16}$'))`,
  ),
  ...["livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "workingDir"].map((name) =>
    container(
      ({ container: c }) => !(name in c),
      () => `!has(container.${name})`,
    ),
  ),
  container(
    ({ container: c }) => (c.ports ?? []).some((port) => (port.hostPort ?? 0) > 0),
    (read) => `${read("container.ports", "[]")}.exists(p, ${read("p.hostPort", "0")} > 0)`,
  ),
  ...PORTS.map((port) =>
    container(
      ({ container: c }) => (c.ports ?? []).some((one) => one.containerPort === port),
      (read) => `${read("container.ports", "[]")}.exists(p, p.containerPort == ${port})`,
    ),
  ),
  ...MOUNTS.map((path) =>
    container(
      ({ container: c }) =>
        (c.volumeMounts ?? []).some((mount) => mount.mountPath === path || mount.mountPath.startsWith(`${path}/`)),
      (read) =>
        `${read("container.volumeMounts", "[]")}.exists(m, m.mountPath == '${path}' || m.mountPath.startsWith('${path}/'))`,
    ),
  ),
  container(
    ({ container: c }) => !(c.volumeMounts ?? []).every((mount) => mount.readOnly ?? false),
    (read) => `!${read("container.volumeMounts", "[]")}.all(m, ${read("m.readOnly", "false")})`,
  ),
  container(
    ({ container: c }) => (c.command ?? []).some((part) => /(^|\/)(ba|z)?sh$/.test(part)),
    (read) => `${read("container.command", "[]")}.exists(part, part.matches('(^|/)(ba|z)?sh$'))`,
  ),
  ...["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "setHostnameAsFQDN"].map((name) =>
    pod(
      ({ spec }) => spec[name] === true,
      (read) => read(`spec.${name}`, "false"),
    ),
  ),
  ...HOST_PATHS.map((path) =>
    pod(
      ({ spec }) => (spec.volumes ?? []).some((volume) => volume.hostPath?.path === path),
      (read) => `${read("spec.volumes", "[]")}.exists(v, has(v.hostPath) && v.hostPath.path == '${path}')`,
    ),
  ),
  ...VOLUMES.map((type) =>
    pod(
      ({ spec }) => (spec.volumes ?? []).some((volume) => type in volume),
      (read) => `${read("spec.volumes", "[]")}.exists(v, has(v.${type}))`,
    ),
  ),
  ...LABELS.map((label) =>
    pod(
      ({ object }) => !Object.hasOwn(object.metadata.labels ?? {}, label),
      (read) => `!('${label}' in ${read("object.metadata.labels", "{}")})`,
    ),
  ),
  pod(
    ({ spec }) => (spec.serviceAccountName ?? "default") === "default" && spec.automountServiceAccountToken !== false,
    (read) =>
      `${read("spec.serviceAccountName", "'default'")} == 'default' && ${read("spec.automountServiceAccountToken", "true")}`,
  ),
  pod(
    ({ object }) => object.metadata.namespace === undefined || object.metadata.namespace === "default",
    (read) => `${read("object.metadata.namespace", "'default'")} == 'default'`,
  ),
  pod(
    ({ spec }) =>
      (spec.securityContext?.sysctls ?? []).some(
        (one) => !["kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range"].includes(one.name),
      ),
    (read) =>
      `${read("spec.securityContext.sysctls", "[]")}.exists(s, !(s.name in ['kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range']))`,
  ),
  pod(
    ({ spec }) => (spec.tolerations ?? []).some((one) => one.key === undefined),
    (read) => `${read("spec.tolerations", "[]")}.exists(t, !has(t.key))`,
  ),
  pod(
    ({ spec }) => (spec.terminationGracePeriodSeconds ?? 30) > 120,
    (read) => `${read("spec.terminationGracePeriodSeconds", "30")} > 120`,
  ),
  pod(
    ({ spec }) => spec.containers.length > 8,
    () => "spec.containers.size() > 8",
  ),
];

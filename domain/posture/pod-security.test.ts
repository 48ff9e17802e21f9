import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assess } from "./engine";
import { loadControls } from "./load";

/**
 * Pod Security Standards at policy version 1.37: each check of Kubernetes' own admission, written a second time
 * and independently in TypeScript, beside the controls that stand for it. The two must agree on any pod.
 */
type Map = Readonly<Record<string, unknown>>;
const map = (value: unknown): Map => (typeof value === "object" && value !== null ? (value as Map) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const set = (value: unknown): boolean => value !== undefined && value !== null;

interface Pod {
  metadata?: Map;
  spec: Map;
}
const containers = ({ spec }: Pod): Map[] =>
  ["initContainers", "containers", "ephemeralContainers"].flatMap((key) => list(spec[key]).map(map));
const contexts = (pod: Pod): Map[] => [pod.spec, ...containers(pod)].map((owner) => map(owner.securityContext));
const own = (pod: Pod): Map[] => containers(pod).map((container) => map(container.securityContext));
const windows = ({ spec }: Pod): boolean => map(spec.os).name === "windows";
const ownUsers = ({ spec }: Pod): boolean => spec.hostUsers === false;
const confined = (profile: unknown): boolean => ["RuntimeDefault", "Localhost"].includes(String(map(profile).type));
const annotations = (pod: Pod): [string, unknown][] => Object.entries(map(map(pod.metadata).annotations));
const ARMOR = "container.apparmor.security.beta.kubernetes.io/";
const DEFAULT_SET =
  "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(
    " ",
  );
const SAFE = [
  ...["kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start"],
  ...["net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports"],
  ...["net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl"],
  ...["net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"],
  ...["net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"],
];
const SE_TYPES = ["container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
const VOLUMES = "configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret".split(" ");
const HANDLERS = ["livenessProbe", "readinessProbe", "startupProbe"];
const added = (context: Map): unknown[] => list(map(context.capabilities).add);
const unmasked = (pod: Pod): boolean => own(pod).some(({ procMount }) => set(procMount) && procMount !== "Default");

/** check → whether it forbids the pod. Pods are read as the API server stores them: a bare volume is an emptyDir. */
const FORBIDS: Readonly<Record<string, (pod: Pod) => boolean>> = {
  hostNamespaces: ({ spec }) => [spec.hostNetwork, spec.hostPID, spec.hostIPC].includes(true),
  privileged: (pod) => own(pod).some(({ privileged }) => privileged === true),
  capabilities_baseline: (pod) =>
    own(pod).some((one) => added(one).some((name) => !DEFAULT_SET.includes(String(name)))),
  hostPathVolumes: ({ spec }) => list(spec.volumes).some((volume) => set(map(volume).hostPath)),
  hostPorts: (pod) =>
    containers(pod)
      .flatMap(({ ports }) => list(ports).map(map))
      .some(({ hostPort, containerPort }) => {
        const port = set(hostPort) && hostPort !== 0 ? hostPort : pod.spec.hostNetwork === true ? containerPort : 0;
        return typeof port === "number" && port !== 0;
      }),
  hostProbesAndHostLifecycle: (pod) =>
    containers(pod)
      .flatMap((one) => [...HANDLERS.map((name) => map(one[name])), ...Object.values(map(one.lifecycle)).map(map)])
      .some(({ httpGet, tcpSocket }) =>
        [map(httpGet).host, map(tcpSocket).host].some((host) => set(host) && host !== ""),
      ),
  appArmorProfile: (pod) =>
    contexts(pod).some(({ appArmorProfile }) => set(appArmorProfile) && !confined(appArmorProfile)) ||
    annotations(pod).some(
      ([key, value]) =>
        key.startsWith(ARMOR) &&
        set(value) &&
        value !== "" &&
        value !== "runtime/default" &&
        !String(value).startsWith("localhost/"),
    ),
  seLinuxOptions: (pod) =>
    contexts(pod)
      .map(({ seLinuxOptions }) => map(seLinuxOptions))
      .some(({ type, user, role }) => Boolean(user || role || (type && !SE_TYPES.includes(String(type))))),
  procMount: (pod) => !ownUsers(pod) && unmasked(pod),
  procMount_restricted: unmasked,
  seccompProfile_baseline: (pod) =>
    contexts(pod).some(({ seccompProfile }) => set(seccompProfile) && !confined(seccompProfile)),
  sysctls: ({ spec }) =>
    list(map(spec.securityContext).sysctls).some((sysctl) => !SAFE.includes(String(map(sysctl).name))),
  windowsHostProcess: (pod) => contexts(pod).some((one) => map(one.windowsOptions).hostProcess === true),
  restrictedVolumes: ({ spec }) =>
    list(spec.volumes).some((volume) => {
      const sources = Object.entries(map(volume)).filter(([key, value]) => key !== "name" && set(value));
      return sources.length > 0 && !sources.some(([key]) => VOLUMES.includes(key));
    }),
  allowPrivilegeEscalation: (pod) =>
    !windows(pod) && own(pod).some(({ allowPrivilegeEscalation }) => allowPrivilegeEscalation !== false),
  runAsNonRoot: (pod) => {
    if (ownUsers(pod)) return false;
    const { runAsNonRoot: ofPod } = map(pod.spec.securityContext);
    return ofPod === false || own(pod).some(({ runAsNonRoot }) => (set(runAsNonRoot) ? runAsNonRoot : ofPod) !== true);
  },
  runAsUser: (pod) => !ownUsers(pod) && contexts(pod).some(({ runAsUser }) => runAsUser === 0),
  seccompProfile_restricted: (pod) => {
    if (windows(pod)) return false;
    const { seccompProfile: ofPod } = map(pod.spec.securityContext);
    if (set(ofPod) && !confined(ofPod)) return true;
    return own(pod).some(({ seccompProfile }) => !confined(set(seccompProfile) ? seccompProfile : ofPod));
  },
  capabilities_restricted: (pod) =>
    !windows(pod) &&
    own(pod).some(
      (one) =>
        !list(map(one.capabilities).drop).includes("ALL") || added(one).some((name) => name !== "NET_BIND_SERVICE"),
    ),
};

/** The controls that stand for each check. */
const CONTROLS: Readonly<Record<string, readonly string[]>> = {
  hostNamespaces: ["SW-0008", "SW-0493", "SW-0494"],
  privileged: ["SW-0001"],
  capabilities_baseline: ["SW-0201"],
  hostPathVolumes: ["SW-0009"],
  hostPorts: ["SW-0020"],
  hostProbesAndHostLifecycle: ["SW-0202"],
  appArmorProfile: ["SW-0203", "SW-0214"],
  seLinuxOptions: ["SW-0204"],
  procMount: ["SW-0205"],
  procMount_restricted: ["SW-0205", "SW-0206"],
  seccompProfile_baseline: ["SW-0207"],
  sysctls: ["SW-0208"],
  windowsHostProcess: ["SW-0209"],
  restrictedVolumes: ["SW-0210"],
  allowPrivilegeEscalation: ["SW-0002"],
  runAsNonRoot: ["SW-0211"],
  runAsUser: ["SW-0212"],
  seccompProfile_restricted: ["SW-0021"],
  capabilities_restricted: ["SW-0213", "SW-0496"],
};

const byId = new Map(loadControls().map((control) => [control.id, control]));
/** Whether the controls of a check find the pod unhealthy, as a bare pod and as what makes such pods. Throws when one does not know. */
function found(check: string, pod: Pod, kind: string): boolean {
  const template = { metadata: pod.metadata ?? {}, spec: pod.spec };
  const object = {
    Pod: { kind, metadata: { name: "p", ...pod.metadata }, spec: pod.spec },
    Deployment: { kind, metadata: { name: "p" }, spec: { template } },
    CronJob: { kind, metadata: { name: "p" }, spec: { jobTemplate: { spec: { template } } } },
  }[kind];
  if (object === undefined) throw new Error(kind);
  const key = { apiGroup: "", kind, namespace: "d", name: "p" };
  const verdicts = (CONTROLS[check] ?? []).map((id) => {
    const control = byId.get(id);
    if (control === undefined) throw new Error(`${id} is gone`);
    return assess(control, { key, appliesTo: "Workload", object, facts: {} });
  });
  const unknown = verdicts.find(({ outcome }) => outcome !== "healthy" && outcome !== "unhealthy");
  if (unknown !== undefined) throw new Error(`${check}: ${JSON.stringify(unknown)}`);
  return verdicts.some(({ outcome }) => outcome === "unhealthy");
}

const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 3 });
const of = (...values: unknown[]) => some(fc.constantFrom(...values));
const record = (fields: Record<string, fc.Arbitrary<unknown>>) => fc.record(fields, { requiredKeys: [] });
const profile = some(record({ type: of("RuntimeDefault", "Localhost", "Unconfined", "") }));
const capability = fc.constantFrom("ALL", "all", "NET_BIND_SERVICE", "CHOWN", "CAP_CHOWN", "SYS_ADMIN", "NET_RAW", "");
const shared = {
  runAsNonRoot: of(true, false),
  runAsUser: of(0, 1, 1000),
  seccompProfile: profile,
  appArmorProfile: profile,
  seLinuxOptions: some(
    record({ type: of("", ...SE_TYPES, "spc_t"), user: of("", "system_u"), role: of("", "r"), level: of("s0") }),
  ),
  windowsOptions: some(record({ hostProcess: of(true, false) })),
};
const context = some(
  record({
    ...shared,
    privileged: of(true, false),
    allowPrivilegeEscalation: of(true, false, false, false),
    procMount: of("Default", "Unmasked"),
    capabilities: some(
      record({ add: some(fc.array(capability, { maxLength: 2 })), drop: some(fc.array(capability, { maxLength: 3 })) }),
    ),
  }),
);
const handler = some(
  record({
    httpGet: some(record({ host: of("", "h.example", "127.0.0.1"), port: of(80) })),
    tcpSocket: some(record({ host: of("", "10.0.0.1") })),
    exec: of({ command: ["a"] }),
  }),
);
const container = fc
  .tuple(
    fc.constantFrom("a", "b"),
    record({
      securityContext: context,
      ports: some(fc.array(record({ containerPort: fc.constantFrom(80, 81), hostPort: of(0, 80) }), { maxLength: 2 })),
      livenessProbe: handler,
      readinessProbe: handler,
      startupProbe: handler,
      lifecycle: some(record({ postStart: handler, preStop: handler })),
    }),
  )
  .map(([name, rest]) => ({ name, ...rest }));
const SOURCES = [...VOLUMES, "hostPath", "hostPath", "hostPath", "nfs", "gitRepo", "azureFile", "newDisk"];
const volume = fc
  .tuple(fc.constantFrom(...SOURCES, "none"), fc.boolean())
  .map(([source, blank]) => ({ name: "v", ...(source === "none" ? {} : { [source]: blank ? null : {} }) }));
const armor = fc.constantFrom("", "runtime/default", "localhost/a", "localhost/", "unconfined", "bogus");
const pod: fc.Arbitrary<Pod> = record({
  metadata: record({
    annotations: some(fc.dictionary(fc.constantFrom(`${ARMOR}a`, ARMOR, "note"), armor, { maxKeys: 3 })),
  }),
  spec: fc
    .tuple(
      fc.array(container, { minLength: 1, maxLength: 2 }),
      record({
        initContainers: some(fc.array(container, { maxLength: 2 })),
        ephemeralContainers: some(fc.array(container, { maxLength: 1 })),
        hostNetwork: of(true, false, false),
        hostPID: of(true, false, false),
        hostIPC: of(true, false, false),
        hostUsers: of(true, false),
        os: some(record({ name: of("linux", "windows") })),
        volumes: some(fc.array(volume, { maxLength: 2 })),
        securityContext: some(
          record({
            ...shared,
            sysctls: some(fc.array(fc.record({ name: fc.constantFrom(...SAFE, "kernel.x") }), { maxLength: 2 })),
          }),
        ),
      }),
    )
    .map(([main, rest]) => ({ containers: main, ...rest })),
}).map((made) => ({ spec: { containers: [{ name: "a" }] }, ...made }) as Pod);

describe.each(Object.keys(FORBIDS))("%s", (check) => {
  it("is what the controls say, on any pod", () => {
    const seen = { true: 0, false: 0 };
    const kind = fc.constantFrom("Pod", "Deployment", "CronJob");
    fc.assert(
      fc.property(pod, kind, (any, made) => {
        const forbidden = FORBIDS[check]?.(any) ?? false;
        seen[`${forbidden}`]++;
        expect(found(check, any, made)).toBe(forbidden);
      }),
      { numRuns: 400, seed: 20261121 },
    );
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(3);
  });
});

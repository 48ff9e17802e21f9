import { describe, expect, it } from "vitest";
import { assess } from "./engine";
import { loadControls } from "./load";

/**
 * What Kubernetes' own tests of Pod Security admission let pass and refuse, at policy version 1.37, written anew as changes of
 * its smallest pod that each level allows: `c` is the container, `i` the init container, `s` the pod's security context.
 */
type Change = Readonly<Record<string, unknown>>;
type Case = readonly [check: string, passes: readonly Change[], refused: readonly Change[]];

const ARMOR = "a.container.apparmor.security.beta.kubernetes.io/";
const ALL_DEFAULT =
  "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(
    " ",
  );
const SYSCTLS = [
  ...["kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range"],
  ...["net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time"],
  ...["net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes"],
  ...["net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"],
  ...["net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"],
];
const one = (source: string, value: unknown = {}): Change => ({ "p.volumes": [{ name: "volume1", [source]: value }] });
const runtime = { type: "RuntimeDefault" };
const local = { type: "Localhost", localhostProfile: "testing" };
const unconfined = { type: "Unconfined" };

/** Of both levels, each on the smallest pod of its level. */
// biome-ignore format: a table
const BASELINE: readonly Case[] = [
  ["nothing", [{}], []],
  ["hostNamespaces", [], [{ "p.hostIPC": true }, { "p.hostNetwork": true }, { "p.hostPID": true }]],
  ["privileged", [{ "c.securityContext.privileged": false }],
    [{ "c.securityContext.privileged": true }, { "i.securityContext.privileged": true }],
  ],
  ["hostPathVolumes", [{ "p.volumes": [{ name: "a" }, { name: "b", emptyDir: {} }] }], [
    one("hostPath", { path: "/a" }),
    { "p.volumes": [{ name: "a", hostPath: { path: "/a" } }, { name: "b", configMap: { name: "x" } }] },
  ]],
  ["hostPorts", [{ "c.ports": [{ containerPort: 12345 }], "i.ports": [{ containerPort: 12346 }] }], [
    { "c.ports": [{ containerPort: 12345, hostPort: 12345 }] },
    { "i.ports": [{ containerPort: 12346, hostPort: 12346 }] },
    { "c.ports": [{ containerPort: 12345, hostPort: 12345 }, { containerPort: 12347 }], "i.ports": [{ containerPort: 12346, hostPort: 12346 }, { containerPort: 12348 }] },
  ]],
  ["hostProbesAndHostLifecycle", [{ "c.livenessProbe": { httpGet: { port: 8080 } } }, { "c.readinessProbe": { tcpSocket: { port: 8080 } } }], [
    { "c.livenessProbe": { httpGet: { host: "bad.host", port: 8080 } } },
    { "i.restartPolicy": "Always", "i.readinessProbe": { tcpSocket: { host: "8.8.8.8", port: 8080 } } },
    { "c.lifecycle": { postStart: { httpGet: { host: "bad.host", port: 8080 } } } },
    { "c.livenessProbe": { httpGet: { host: "127.0.0.1", port: 8080 } } },
    { "c.readinessProbe": { tcpSocket: { host: "::1", port: 8080 } } },
  ]],
  ["appArmorProfile", [
    { [`${ARMOR}container1`]: "runtime/default", [`${ARMOR}initcontainer1`]: "localhost/foo" },
    { "s.appArmorProfile": runtime, "c.securityContext.appArmorProfile": local },
    ], [
    { [`${ARMOR}container1`]: "unconfined" },
    { [`${ARMOR}initcontainer1`]: "unconfined" },
    { "s.appArmorProfile": unconfined },
    { "i.securityContext.appArmorProfile": unconfined },
  ]],
  ["seLinuxOptions", [
    { "i.securityContext.seLinuxOptions": {} },
    { "s.seLinuxOptions": { type: "container_t", level: "" }, "c.securityContext.seLinuxOptions": { type: "container_init_t", level: "somevalue" }, "i.securityContext.seLinuxOptions": { type: "container_kvm_t" } },
    { "c.securityContext.seLinuxOptions": { type: "container_engine_t" } },
    ], [
    { "s.seLinuxOptions.type": "somevalue" },
    { "c.securityContext.seLinuxOptions.type": "somevalue" },
    { "i.securityContext.seLinuxOptions.type": "somevalue" },
    { "s.seLinuxOptions.user": "somevalue" },
    { "s.seLinuxOptions.role": "somevalue" },
  ]],
  ["procMount", [{ "c.securityContext.procMount": "Default", "i.securityContext.procMount": "Default", "p.hostUsers": false }], [
    { "c.securityContext.procMount": "Unmasked", "p.hostUsers": true },
    { "i.securityContext.procMount": "Unmasked", "p.hostUsers": true },
  ]],
  ["seccompProfile_baseline", [
    { "s.seccompProfile": runtime },
    { "s.seccompProfile": runtime, "c.securityContext.seccompProfile": runtime, "i.securityContext.seccompProfile": local },
    ], [
    { "s.seccompProfile": unconfined },
    { "c.securityContext.seccompProfile": unconfined },
    { "i.securityContext.seccompProfile": unconfined },
  ]],
  ["sysctls", [{ "s.sysctls": null }, { "s.sysctls": SYSCTLS.map((name) => ({ name, value: "0" })) }],
    [{ "s.sysctls": [{ name: "othersysctl", value: "other" }] }],
  ],
  ["windowsHostProcess", [], [
    { "p.hostNetwork": true, "s.windowsOptions.hostProcess": true },
    { "p.hostNetwork": true, "c.securityContext.windowsOptions.hostProcess": true, "i.securityContext.windowsOptions.hostProcess": true },
  ]],
  ["capabilities_baseline", [], [
    { "c.securityContext.capabilities.add": ["NET_RAW"] },
    { "i.securityContext.capabilities.add": ["NET_RAW"] },
    { "c.securityContext.capabilities.add": ["chown"] },
    { "c.securityContext.capabilities.add": ["CAP_CHOWN"] },
  ]],
];
// biome-ignore format: a table
const BASELINE_ONLY: readonly Case[] = [
  ["capabilities_baseline", [{ "c.securityContext.capabilities.add": ALL_DEFAULT, "i.securityContext.capabilities.add": ALL_DEFAULT }],
    [],
  ],
  ["procMount in a user namespace", [{ "c.securityContext.procMount": "Unmasked", "i.securityContext.procMount": "Unmasked", "p.hostUsers": false }],
    [],
  ],
];
const FORBIDDEN_VOLUMES = [
  ..."gcePersistentDisk awsElasticBlockStore gitRepo nfs iscsi glusterfs rbd flexVolume cinder cephfs flocker fc azureFile".split(
    " ",
  ),
  ..."vsphereVolume quobyte azureDisk portworxVolume photonPersistentDisk scaleIO storageos hostPath".split(" "),
];
const ALLOWED_VOLUMES =
  "emptyDir secret persistentVolumeClaim downwardAPI configMap projected csi ephemeral image".split(" ");
// biome-ignore format: a table
const RESTRICTED_ONLY: readonly Case[] = [
  ["procMount_restricted", [], [
    { "c.securityContext.procMount": "Unmasked", "p.hostUsers": false },
    { "i.securityContext.procMount": "Unmasked", "p.hostUsers": false },
  ]],
  ["restrictedVolumes", [
    { "p.volumes": [{ name: "bare" }, ...ALLOWED_VOLUMES.map((source, at) => ({ name: `volume${at}`, [source]: {} }))] },
    ],
    FORBIDDEN_VOLUMES.map((source) => one(source)),
  ],
  ["allowPrivilegeEscalation", [], [
    { "c.securityContext.allowPrivilegeEscalation": true },
    { "i.securityContext.allowPrivilegeEscalation": true },
    { "c.securityContext.allowPrivilegeEscalation": null },
    { "c.securityContext": null },
  ]],
  ["runAsNonRoot", [
    { "s.runAsNonRoot": null, "c.securityContext.runAsNonRoot": true, "i.securityContext.runAsNonRoot": true },
    { "s.runAsNonRoot": null, "p.hostUsers": false },
    ], [
    { "s.runAsNonRoot": null },
    { "s.runAsNonRoot": false },
    { "c.securityContext.runAsNonRoot": false },
    { "i.securityContext.runAsNonRoot": false },
  ]],
  ["runAsUser", [
    { "s.runAsUser": 1000, "c.securityContext.runAsUser": 1000, "i.securityContext.runAsUser": 1000 },
    { "s.runAsUser": 0, "c.securityContext.runAsUser": 0, "p.hostUsers": false },
    ],
    [{ "s.runAsUser": 0 }, { "c.securityContext.runAsUser": 0 }, { "i.securityContext.runAsUser": 0 }],
  ],
  ["seccompProfile_restricted", [
    { "s.seccompProfile": local },
    { "s.seccompProfile": null, "c.securityContext.seccompProfile": runtime, "i.securityContext.seccompProfile": local },
    ], [
    { "s.seccompProfile": null },
    { "s.seccompProfile": null, "c.securityContext.seccompProfile": runtime },
    { "s.seccompProfile": null, "i.securityContext.seccompProfile": runtime },
    { "s.seccompProfile": unconfined, "c.securityContext.seccompProfile": runtime, "i.securityContext.seccompProfile": runtime },
  ]],
  ["capabilities_restricted", [
    { "c.securityContext.capabilities.add": ["NET_BIND_SERVICE"], "i.securityContext.capabilities.add": ["NET_BIND_SERVICE"] },
    ], [
    { "c.securityContext.capabilities.drop": [] },
    { "i.securityContext.capabilities.drop": [] },
    { "c.securityContext.capabilities.drop": [...ALL_DEFAULT, "SYS_ADMIN", "NET_RAW", "NET_ADMIN"] },
    { "c.securityContext.capabilities.add": ALL_DEFAULT },
  ]],
  ["a Windows pod", [{ "p.os": { name: "windows" }, "s.seccompProfile": null, "c.securityContext": null, "i.securityContext": null }],
    [],
  ],
];

const hardened = () => ({ allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } });
function smallest(level: "baseline" | "restricted"): Record<string, unknown> {
  const restricted = level === "restricted";
  const container = (name: string) => ({
    name,
    image: "pause",
    ...(restricted ? { securityContext: hardened() } : {}),
  });
  return {
    kind: "Pod",
    metadata: { name: "p", annotations: {} },
    spec: {
      initContainers: [container("initcontainer1")],
      containers: [container("container1")],
      ...(restricted ? { securityContext: { runAsNonRoot: true, seccompProfile: runtime } } : {}),
    },
  };
}
const ROOTS: Readonly<Record<string, readonly string[]>> = {
  p: ["spec"],
  s: ["spec", "securityContext"],
  c: ["spec", "containers", "0"],
  i: ["spec", "initContainers", "0"],
};
/** The smallest pod with values put at paths; what is missing on the way is made. */
function changed(level: "baseline" | "restricted", change: Change): Record<string, unknown> {
  const pod = smallest(level);
  for (const [where, value] of Object.entries(change)) {
    const [root = "", ...keys] = where.split(".");
    const path = root === "a" ? ["metadata", "annotations", where.slice(2)] : [...(ROOTS[root] ?? []), ...keys];
    let current = pod as Record<string, unknown>;
    for (const key of path.slice(0, -1)) {
      current[key] ??= {};
      current = current[key] as Record<string, unknown>;
    }
    current[path.at(-1) ?? ""] = value;
  }
  return pod;
}

const IDS = {
  baseline: "0001 0008 0009 0020 0201 0202 0203 0204 0205 0207 0208 0209 0214 0493 0494",
  restricted: "0001 0002 0008 0020 0021 0202 0203 0204 0205 0206 0208 0209 0210 0211 0212 0213 0214 0493 0494 0496",
};
const key = { apiGroup: "", kind: "Pod", namespace: "d", name: "p" };

describe.each([
  ["baseline", [...BASELINE, ...BASELINE_ONLY]],
  ["restricted", [...BASELINE, ...RESTRICTED_ONLY]],
] as const)("%s", (level, cases) => {
  const ids = new Set(IDS[level].split(" ").map((id) => `SW-${id}`));
  const controls = loadControls().filter(({ id }) => ids.has(id));
  const outcomes = (change: Change): string[] => {
    const object = changed(level, change);
    return controls.map(
      (control) => `${control.name}: ${assess(control, { key, appliesTo: "Workload", object, facts: {} }).outcome}`,
    );
  };
  const passes = cases.flatMap(([check, changes]) => changes.map((change) => [check, change] as const));
  const refused = cases.flatMap(([check, , changes]) => changes.map((change) => [check, change] as const));

  it.each(passes)("%s passes: %j", (_check, change) => {
    expect(outcomes(change)).toEqual(controls.map(({ name }) => `${name}: healthy`));
  });
  it.each(refused)("%s refuses: %j", (_check, change) => {
    expect(outcomes(change).filter((outcome) => outcome.endsWith("unhealthy"))).not.toEqual([]);
  });
});

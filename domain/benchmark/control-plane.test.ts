import { describe, expect, it } from "vitest";
import { CONTROL_PLANE_KINDS } from "@/domain/inventory/control-plane";
import { assess } from "@/domain/posture/engine";
import { loadControls } from "@/domain/posture/load";
import type { AppliesTo, Control } from "@/domain/posture/schema";
import { loadBenchmarks } from "./load";
import { type ControlState, combined, verdictOn } from "./rollup";

type Flags = Readonly<Record<string, string | null>>;
const CONTROLS = new Map(loadControls().map((control) => [control.id, control]));
const STATE = {
  healthy: "passed",
  unhealthy: "failed",
  not_applicable: "not_applicable",
  not_evaluated: "not_evaluated",
} as const;

const PLUGINS = "NodeRestriction,AlwaysPullImages,DenyServiceExternalIPs,EventRateLimit";
/** A control plane that was set up with care: it breaks no requirement that its flags decide. */
const CAREFUL: Readonly<Record<string, Flags>> = {
  KubeApiServer: {
    "anonymous-auth": "false",
    "audit-log-maxage": "30",
    "audit-log-maxbackup": "10",
    "audit-log-maxsize": "100",
    "audit-log-path": "/var/log/audit.log",
    "audit-policy-file": "/etc/audit.yaml",
    "authorization-mode": "Node,RBAC",
    "client-ca-file": "/pki/ca.crt",
    "enable-admission-plugins": PLUGINS,
    "encryption-provider-config": "/etc/encryption.yaml",
    "etcd-cafile": "/pki/etcd/ca.crt",
    "etcd-certfile": "/pki/etcd.crt",
    "etcd-keyfile": "/pki/etcd.key",
    "etcd-servers": "https://127.0.0.1:2379",
    "kubelet-certificate-authority": "/pki/ca.crt",
    "kubelet-client-certificate": "/pki/kubelet.crt",
    "kubelet-client-key": "/pki/kubelet.key",
    profiling: "false",
    "service-account-extend-token-expiration": "false",
    "service-account-key-file": "/pki/sa.pub",
    "tls-cert-file": "/pki/s.crt",
    "tls-private-key-file": "/pki/s.key",
  },
  KubeControllerManager: {
    "bind-address": "127.0.0.1",
    profiling: "false",
    "root-ca-file": "/pki/ca.crt",
    "service-account-private-key-file": "/pki/sa.key",
    "use-service-account-credentials": "true",
  },
  KubeScheduler: { "bind-address": "127.0.0.1", profiling: "false" },
  Etcd: {
    "cert-file": "/pki/s.crt",
    "client-cert-auth": "true",
    "key-file": "/pki/s.key",
    "listen-client-urls": "https://127.0.0.1:2379,https://10.1.0.4:2379",
    "listen-metrics-urls": "http://127.0.0.1:2381",
    "listen-peer-urls": "https://10.1.0.4:2380",
    "peer-cert-file": "/pki/p.crt",
    "peer-client-cert-auth": "true",
    "peer-key-file": "/pki/p.key",
    "peer-trusted-ca-file": "/pki/ca.crt",
    "trusted-ca-file": "/pki/ca.crt",
  },
};

/** What a control says of one component with given flags. */
function saidOf(control: Control, kind: string, flags: Readonly<Record<string, unknown>>): ControlState {
  const key = { apiGroup: "", kind, namespace: "kube-system", name: `${kind}-n1` };
  const object = { apiVersion: "v1", kind, metadata: { name: key.name, namespace: key.namespace }, flags };
  return STATE[assess(control, { key, appliesTo: kind as AppliesTo, object, facts: {} }).outcome];
}

/** What a control says of the whole control plane, some flags of one component changed; null takes one away. */
function stateOf(control: Control, kind: string, changed: Flags): ControlState {
  const judged = CONTROL_PLANE_KINDS.filter((each) => control.appliesTo.resources.some((word) => word === each));
  return combined(judged, (each) => {
    const given = Object.entries({ ...CAREFUL[each], ...(each === kind ? changed : {}) });
    return saidOf(control, each, Object.fromEntries(given.filter(([, value]) => value !== null)));
  });
}

describe.each(loadBenchmarks().filter(({ id }) => id.startsWith("cis-kubernetes-")))("$id", ({ sections }) => {
  /** Requirements of the control plane by what is said of them. */
  const saying = (state: string, kind = "", changed: Flags = {}): string[] =>
    sections
      .filter(({ id }) => ["1.2", "1.3", "1.4", "2"].includes(id))
      .flatMap(({ requirements }) => requirements)
      .filter((requirement) => {
        const said = (id: string): ControlState => {
          const control = CONTROLS.get(id);
          return control === undefined ? "not_evaluated" : stateOf(control, kind, changed);
        };
        return verdictOn(requirement, said, null).state === state;
      })
      .map(({ id }) => id);

  it("decides all by flags but what stands in files", () => {
    expect(saying("failed")).toEqual([]);
    expect(saying("not_evaluated")).toEqual([]);
    expect(saying("manual")).toEqual(["1.2.28", "2.7"]);
  });

  it.each<[string, Flags, string[]]>([
    ["KubeApiServer", { "authorization-mode": "RBAC" }, ["1.2.7"]],
    ["KubeApiServer", { "authorization-mode": "Node" }, ["1.2.8"]],
    ["KubeApiServer", { "authorization-mode": "Node,RBAC,AlwaysAllow" }, ["1.2.6", "1.2.7", "1.2.8"]],
    ["KubeApiServer", { "enable-admission-plugins": null }, ["1.2.3", "1.2.9", "1.2.11", "1.2.14"]],
    ["KubeApiServer", { "enable-admission-plugins": `${PLUGINS},AlwaysAdmit` }, ["1.2.10"]],
    ["KubeApiServer", { "disable-admission-plugins": "ServiceAccount" }, ["1.2.12"]],
    ["KubeApiServer", { "disable-admission-plugins": "NamespaceLifecycle" }, ["1.2.13"]],
    ["KubeApiServer", { "audit-policy-file": null }, ["1.2.16", "1.2.17", "1.2.18", "1.2.19"]],
    ["KubeApiServer", { "audit-log-path": null }, ["1.2.16", "1.2.17", "1.2.18", "1.2.19"]],
    ["KubeApiServer", { "audit-log-maxage": "7" }, ["1.2.17"]],
    ["KubeApiServer", { "audit-log-maxbackup": "3" }, ["1.2.18"]],
    ["KubeApiServer", { "audit-log-maxsize": "10" }, ["1.2.19"]],
    ["KubeApiServer", { "request-timeout": "1h" }, ["1.2.20"]],
    ["KubeApiServer", { "service-account-key-file": null }, ["1.2.22"]],
    ["KubeApiServer", { "etcd-certfile": null }, ["1.2.23"]],
    ["KubeApiServer", { "etcd-cafile": null }, ["1.2.26"]],
    ["KubeApiServer", { "etcd-servers": "http://127.0.0.1:2379" }, ["1.2.23", "1.2.26"]],
    ["KubeApiServer", { "tls-cert-file": null }, ["1.2.24"]],
    ["KubeApiServer", { "client-ca-file": null }, ["1.2.25"]],
    ["KubeApiServer", { "service-account-extend-token-expiration": null }, ["1.2.30"]],
    ["KubeApiServer", { profiling: null }, ["1.2.15"]],
    ["KubeApiServer", { "tls-min-version": "VersionTLS10" }, ["1.2.29"]],
    ["KubeApiServer", { "tls-cipher-suites": "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA" }, []],
    ["KubeApiServer", { "tls-cipher-suites": "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256" }, ["1.2.29"]],
    ["KubeControllerManager", { profiling: null }, ["1.3.2"]],
    ["KubeControllerManager", { "bind-address": "0.0.0.0" }, ["1.3.7"]],
    ["KubeControllerManager", { "tls-min-version": "VersionTLS10" }, []],
    ["KubeControllerManager", { "terminated-pod-gc-threshold": "0" }, ["1.3.1"]],
    ["KubeControllerManager", { "service-account-private-key-file": null }, ["1.3.4"]],
    ["KubeControllerManager", { "root-ca-file": null }, ["1.3.5"]],
    ["KubeControllerManager", { "feature-gates": "RotateKubeletServerCertificate=false" }, ["1.3.6"]],
    ["KubeScheduler", { profiling: null }, ["1.4.1"]],
    ["KubeScheduler", { "bind-address": null }, ["1.4.2"]],
    ["Etcd", { "key-file": null }, ["2.1"]],
    ["Etcd", { "trusted-ca-file": null }, ["2.2"]],
    ["Etcd", { "client-cert-auth": "false" }, []],
    ["Etcd", { "listen-client-urls": "http://0.0.0.0:2379" }, ["2.1", "2.2"]],
    ["Etcd", { "listen-client-urls": "https://10.1.0.4:2379,http://10.1.0.4:2381" }, ["2.1", "2.2"]],
    ["Etcd", { "listen-client-urls": "https://10.1.0.4:2379,http://127.0.0.1:2379" }, ["2.2"]],
    ["Etcd", { "listen-client-urls": null }, ["2.2"]],
    ["Etcd", { "listen-client-http-urls": "http://0.0.0.0:2382" }, ["2.1", "2.2"]],
    ["Etcd", { "listen-peer-urls": "http://10.1.0.4:2380" }, ["2.4", "2.5"]],
    ["Etcd", { "listen-peer-urls": null }, ["2.5"]],
    ["Etcd", { "auto-tls": "true" }, ["2.3"]],
    ["Etcd", { "peer-key-file": null }, ["2.4"]],
    ["Etcd", { "peer-trusted-ca-file": null }, ["2.5"]],
    ["Etcd", { "peer-auto-tls": "true" }, ["2.6"]],
  ])("fails for %s with %j only what that breaks", (kind, changed, failed) => {
    expect(saying("failed", kind, changed)).toEqual(failed);
  });

  it.each<[string, Flags]>([
    ["a server alone", { "audit-log-path": null, "audit-webhook-config-file": "/etc/hook.yaml" }],
    ["standard output", { "audit-log-path": "-" }],
  ])("does not say how an audit log is kept that goes to %s", (_where, changed) => {
    expect(saying("failed", "KubeApiServer", changed)).toEqual([]);
    expect(saying("not_evaluated", "KubeApiServer", changed)).toEqual(["1.2.17", "1.2.18", "1.2.19"]);
  });
});

const JUDGES = [...CONTROLS.values()].flatMap((control) =>
  CONTROL_PLANE_KINDS.filter((kind) => control.appliesTo.resources.some((word) => word === kind)).map(
    (kind) => [control.id, kind, control] as const,
  ),
);
it.each(JUDGES)("%s of %s hangs on no flag whose value is not known", (_id, kind, control) => {
  const asked = new Set(
    [control.violates, control.appliesTo.when ?? ""].join().match(/(?<=')[a-z0-9]+(-[a-z0-9]+)+(?=')|profiling/g),
  );
  expect(asked.size).toBeGreaterThan(0);
  for (const base of [CAREFUL[kind], {}])
    for (const flag of asked) {
      const said = saidOf(control, kind, { ...base, [flag]: { written: "$(VALUE)" } });
      if (said === "not_evaluated") continue;
      // Where the other flags decide, it is whatever the value may be.
      const values = ["/a", "true", "false", "http://10.1.0.4:1", "https://10.1.0.4:1", "VersionTLS10", undefined];
      for (const value of values) {
        const given = Object.entries({ ...base, [flag]: value }).filter(([, each]) => each !== undefined);
        const is = saidOf(control, kind, Object.fromEntries(given));
        if (is !== "not_evaluated") expect([flag, value, is]).toEqual([flag, value, said]);
      }
    }
});

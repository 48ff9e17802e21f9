import { describe, expect, test } from "vitest";
import { flagsOf } from "./flags";

const API_SERVER = "KubeApiServer";

test("flags stand in command and arguments, assigned, apart or alone; of equal ones the last counts", () => {
  const command = ["kube-apiserver", "--anonymous-auth=false", "--profiling"];
  const args = ["--authorization_mode", "Node,RBAC", "--v=2", "--v=4", "rest"];
  expect(flagsOf(API_SERVER, { command, args })).toEqual({
    "anonymous-auth": "false",
    profiling: "true",
    "authorization-mode": "Node,RBAC",
    v: "4",
  });
});
test("lists that are given more than once add up", () => {
  const modes = (...values: string[]) =>
    flagsOf(API_SERVER, { args: values.map((value) => `--authorization-mode=${value}`) })?.["authorization-mode"];
  expect(modes("Node", "RBAC")).toBe("Node,RBAC");
  expect(modes("AlwaysAllow", "Node,RBAC")).toBe("AlwaysAllow,Node,RBAC");
  expect(modes("", "Node")).toBe("Node");
  const args = ["--enable-admission-plugins=NodeRestriction", "--enable-admission-plugins", "AlwaysPullImages"];
  expect(flagsOf(API_SERVER, { args })).toEqual({ "enable-admission-plugins": "NodeRestriction,AlwaysPullImages" });
});
test("an empty value is as if the flag were not given", () => {
  const args = ["--token-auth-file=", "--etcd-cafile=/ca.crt", "--etcd-cafile="];
  expect(flagsOf(API_SERVER, { command: ["kube-apiserver"], args })).toEqual({});
});
test("what a shell starts, or is no text, nobody knows", () => {
  expect(flagsOf(API_SERVER, { command: ["/bin/sh", "-c", "kube-apiserver --anonymous-auth=true"] })).toBeUndefined();
  expect(flagsOf(API_SERVER, { command: ["kube-apiserver", 7] })).toBeUndefined();
  expect(flagsOf(API_SERVER, {})).toBeUndefined();
});
test("what a file says instead of kube-scheduler's flags is not known, the rest is", () => {
  const args = ["--profiling=false", "--bind-address=127.0.0.1"];
  expect(flagsOf("KubeScheduler", { args })).toMatchObject({ profiling: "false" });
  const filed = { args: ["--config=/etc/scheduler.yaml", ...args] };
  expect(flagsOf("KubeScheduler", filed)).toEqual({ config: "/etc/scheduler.yaml", "bind-address": "127.0.0.1" });
});

describe("etcd", () => {
  const etcd = (args: string[], env: unknown = [], more = {}) =>
    flagsOf("Etcd", { command: ["etcd"], args, env, ...more });

  test("goes by its configuration file alone, which nobody can read", () => {
    expect(etcd(["--config-file=/var/lib/rancher/rke2/server/db/etcd/config"])).toBeUndefined();
    expect(etcd(["--config-file=/etcd.yaml", "--client-cert-auth=true"])).toBeUndefined();
    expect(etcd(["--client-cert-auth=true"], [{ name: "ETCD_CONFIG_FILE", value: "/etcd.yaml" }])).toBeUndefined();
    expect(etcd(["--config-file="], [{ name: "ETCD_CONFIG_FILE", value: "/etcd.yaml" }])).toBeUndefined();
  });
  test("takes what its command line leaves out from the environment", () => {
    const env = [
      { name: "ETCD_CLIENT_CERT_AUTH", value: "true" },
      { name: "ETCD_AUTO_TLS", value: "true" },
      { name: "ETCD_KEY_FILE", value: "" },
      { name: "ETCDCTL_API", value: "3" },
    ];
    expect(etcd(["--auto-tls=false"], env)).toEqual({ "client-cert-auth": "true", "auto-tls": "false" });
  });
  test("is not known where its environment is read from elsewhere, unless a flag stands above it", () => {
    const env = [{ name: "ETCD_AUTO_TLS", valueFrom: { configMapKeyRef: { name: "etcd", key: "tls" } } }];
    expect(etcd([], env)).toBeUndefined();
    expect(etcd(["--auto-tls=false"], env)).toEqual({ "auto-tls": "false" });
    expect(etcd([], [], { envFrom: [{ configMapRef: { name: "etcd" } }] })).toBeUndefined();
  });
});

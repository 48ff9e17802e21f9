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
  // As CSV, quotes are no part of an item.
  expect(modes('"AlwaysAllow"', 'Node,"RBAC"')).toBe("AlwaysAllow,Node,RBAC");
  const args = ["--enable-admission-plugins=NodeRestriction", "--enable-admission-plugins", "AlwaysPullImages"];
  expect(flagsOf(API_SERVER, { args })).toEqual({ "enable-admission-plugins": "NodeRestriction,AlwaysPullImages" });
  const gates = { args: ["--feature-gates=A=true, RotateKubeletServerCertificate=false"] };
  expect(flagsOf("KubeControllerManager", gates)).toEqual({
    "feature-gates": "A=true,RotateKubeletServerCertificate=false",
  });
});
test("numbers are read as Go reads them", () => {
  const args = ["--audit-log-maxage=030", "--audit-log-maxsize", "0x64", "--audit-log-maxbackup=1_0", "--v=030"];
  expect(flagsOf(API_SERVER, { args })).toEqual({
    ...{ "audit-log-maxage": "24", "audit-log-maxsize": "100", "audit-log-maxbackup": "10", v: "030" },
  });
  const thresholds = ["08", "2147483648", "0b1100"].map((value) =>
    flagsOf("KubeControllerManager", { args: [`--terminated-pod-gc-threshold=${value}`] }),
  );
  expect(thresholds.map((flags) => flags?.["terminated-pod-gc-threshold"])).toEqual([
    ...["08 (no number)", "2147483648 (no number)", "12"],
  ]);
});
test("an empty value is as if the flag were not given", () => {
  const args = ["--token-auth-file=", "--etcd-cafile=/ca.crt", "--etcd-cafile="];
  expect(flagsOf(API_SERVER, { command: ["kube-apiserver"], args })).toEqual({});
});
test.each([
  ["a shell", ["/bin/sh", "-c", "kube-apiserver --anonymous-auth=true"]],
  ["a shell of another program", ["busybox", "sh", "-c", "kube-apiserver --token-auth-file=/x"]],
  ["a shell behind an init", ["tini", "--", "sh", "-c", "kube-apiserver --token-auth-file=/x"]],
  ["a shell by its path", ["/usr/bin/env", "/bin/dash", "-ec", "exec kube-apiserver"]],
  ["a shell that a variable names", ["$(SHELL)", "-c", "kube-apiserver"]],
  ["a script", ["/opt/start.sh", "--profiling=false"]],
  ["a command line in one word", ["su-exec", "root", "-c", "kube-apiserver --token-auth-file=/x"]],
  ["what is no text", ["kube-apiserver", 7]],
  ["nothing", undefined],
])("what is run by %s nobody knows", (_what, command) => {
  expect(flagsOf(API_SERVER, { command, env: [{ name: "SHELL", value: "/bin/bash" }] })).toBeUndefined();
});
test("a program that is none of a shell leaves the flags as they are", () => {
  const command = ["/go-runner", "--also-stdout", "/usr/local/bin/kube-apiserver", "--profiling=false"];
  expect(flagsOf(API_SERVER, { command })).toMatchObject({ profiling: "false" });
  const flags = ["kube-apiserver", "--audit-log-path=/var/log/run.sh", "--event-ttl=1h"];
  expect(flagsOf(API_SERVER, { command: flags })).toMatchObject({ "event-ttl": "1h" });
});
describe("a variable", () => {
  const flags = (args: string[], env: unknown = [], more = {}) =>
    flagsOf(API_SERVER, { command: ["kube-apiserver"], args, env, ...more });
  const TOKENS = [{ name: "TOKENS", value: "/etc/tokens.csv" }];
  const FROM = [{ name: "TOKENS", valueFrom: { configMapKeyRef: { name: "api", key: "tokens" } } }];
  const asked = ["--token-auth-file=$(TOKENS)", "--profiling=false"];

  test("is put in where its value is written", () => {
    expect(flags(asked, TOKENS)).toEqual({ "token-auth-file": "/etc/tokens.csv", profiling: "false" });
    expect(flags(asked, [{ name: "TOKENS", value: "" }])).toEqual({ profiling: "false" });
    expect(flags(["$(A)"], [{ name: "A", value: "--profiling=false" }])).toEqual({ profiling: "false" });
  });
  test("leaves one flag unknown whose value comes from elsewhere, or may", () => {
    const unknown = { "token-auth-file": { written: "$(TOKENS)" }, profiling: "false" };
    expect(flags(asked, FROM)).toEqual(unknown);
    expect(flags(asked, [], { envFrom: [{ configMapRef: { name: "api" } }] })).toEqual(unknown);
    expect(flags(asked, TOKENS, { envFrom: [{ configMapRef: { name: "api" } }] })).toMatchObject({
      profiling: "false",
    });
    expect(flags(["--etcd-servers=https://$(ETCD_SERVICE_HOST):2379"])).toEqual({
      "etcd-servers": { written: "https://$(ETCD_SERVICE_HOST):2379" },
    });
    expect(flags(["--authorization-mode=Node", "--authorization-mode=$(TOKENS)"], FROM)).toEqual({
      "authorization-mode": { written: "Node,$(TOKENS)" },
    });
  });
  test("that may be a flag of its own leaves all unknown", () => {
    expect(flags(["--profiling=false", "$(TOKENS)"], FROM)).toBeUndefined();
    expect(flags(["--$(TOKENS)=true"], FROM)).toBeUndefined();
    expect(flags(["--token-auth-file", "$(TOKENS)"], FROM)).toBeUndefined();
  });
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
  test("does not know a flag that its environment reads from elsewhere, unless one stands above it", () => {
    const env = [{ name: "ETCD_AUTO_TLS", valueFrom: { configMapKeyRef: { name: "etcd", key: "tls" } } }];
    expect(etcd(["--name=n1"], env)).toEqual({ "auto-tls": { written: "$(ETCD_AUTO_TLS)" }, name: "n1" });
    expect(etcd(["--auto-tls=false"], env)).toEqual({ "auto-tls": "false" });
    expect(etcd([], [], { envFrom: [{ configMapRef: { name: "etcd" } }] })).toBeUndefined();
    const file = { name: "ETCD_CONFIG_FILE", valueFrom: { configMapKeyRef: { name: "etcd", key: "file" } } };
    expect(etcd(["--auto-tls=false"], [file])).toBeUndefined();
    const nested = [
      { name: "HOST", value: "10.1.0.4" },
      { name: "ETCD_LISTEN_CLIENT_URLS", value: "http://$(HOST):2379" },
    ];
    expect(etcd([], nested)).toEqual({ "listen-client-urls": "http://10.1.0.4:2379" });
  });
});

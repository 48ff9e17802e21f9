import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { caCertificate } from "@/lib/testing/tls";
import { ConnectorError } from "../connector";
import { readKubeconfig, readKubeconfigCluster } from "./kubeconfig";

const ca = Buffer.from(caCertificate).toString("base64");
const good = { server: "https://api.example.com:6443", "certificate-authority-data": ca };
const file = (cluster: object, user: object = { token: "sekret" }, top: object = {}) =>
  stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "x",
    clusters: [{ name: "c", cluster }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    users: [{ name: "u", user }],
    ...top,
  });

describe("kubeconfig", () => {
  it("gives address, CA and token", () => {
    expect(readKubeconfig(file(good))).toEqual({ server: good.server, caCertificate, token: "sekret" });
    expect(readKubeconfig(file({ ...good, "tls-server-name": "kubernetes" })).tlsServerName).toBe("kubernetes");
  });

  it.each([
    ["exec", { exec: { command: "sh", args: ["-c", "id"] } }],
    ["exec beside a token", { token: "sekret", exec: { command: "sh" } }],
    ["auth-provider", { "auth-provider": { name: "gcp", config: { "cmd-path": "/bin/sh" } } }],
    ["tokenFile", { tokenFile: "/var/run/secrets/token" }],
    ["token and tokenFile", { token: "sekret", tokenFile: "/etc/passwd" }],
    ["client-certificate", { "client-certificate": "/etc/a", "client-key": "/etc/b" }],
    ["impersonation", { token: "sekret", as: "admin" }],
    ["nothing", {}],
  ])("refuses a user with %s", (_, user) => {
    expect(() => readKubeconfig(file(good, user))).toThrow(ConnectorError);
    expect(() => readKubeconfig(file(good, user))).not.toThrow(/sekret/);
    expect(readKubeconfigCluster(file(good, user)).server).toBe(good.server);
  });

  it.each([
    ["certificate-authority", { server: good.server, "certificate-authority": "/etc/ca" }],
    ["insecure-skip-tls-verify", { ...good, "insecure-skip-tls-verify": true }],
    ["proxy-url", { ...good, "proxy-url": "http://127.0.0.1" }],
    ["http", { ...good, server: "http://api.example.com" }],
    ["no CA", { server: good.server }],
    ["a CA that is none", { ...good, "certificate-authority-data": "AAAA" }],
    ["a server name that is none", { ...good, "tls-server-name": "a\nb" }],
  ])("refuses a cluster with %s", (_, cluster) => {
    expect(() => readKubeconfig(file(cluster))).toThrow(ConnectorError);
    expect(() => readKubeconfigCluster(file(cluster))).toThrow(ConnectorError);
  });

  it.each([
    [
      "two clusters of one name",
      file(good, undefined, {
        clusters: [
          { name: "c", cluster: good },
          { name: "c", cluster: good },
        ],
      }),
    ],
    ["no such context", file(good, undefined, { "current-context": "y" })],
    ["duplicate keys", `${file(good)}\nkind: Config\n`],
    ["a billion laughs", `a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n${file(good)}`],
    ["too much", `${file(good)}#${"x".repeat(300_000)}`],
    ["no YAML", "\t{"],
    ["a list", "[]"],
    ["nothing", ""],
    ["a field nobody knows", file(good, undefined, { hooks: [] })],
  ])("refuses a file with %s", (_, text) => {
    expect(() => readKubeconfig(text)).toThrow(ConnectorError);
  });
});

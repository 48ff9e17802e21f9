import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aksSettings } from "@/connectors/aks/schema";
import { arcSettings } from "@/connectors/arc/schema";
import { readKubeconfig } from "./kubeconfig";
import { Estate } from "./testing/estate";

let estate: Estate;
let pem = "";
beforeAll(async () => {
  estate = await Estate.start();
  pem = String((await estate.connection()).settings.caBundle);
});
afterAll(() => estate.stop());

const kubeconfig = (cluster = "", user = "token: t0ken", more = "") => `apiVersion: v1
kind: Config
current-context: mine
contexts:
- { name: other, context: { cluster: other, user: other } }
- { name: mine, context: { cluster: c, user: u } }
clusters:
- name: c
  cluster:
    server: https://api.example.org:443
    certificate-authority-data: ${Buffer.from(pem).toString("base64")}
${cluster}
users:
- name: u
  user:
    ${user}
${more}`;

describe("kubeconfig", () => {
  it("gives the current context's server, CA and token", () => {
    expect(readKubeconfig(kubeconfig("    tls-server-name: inner.example.org"))).toEqual({
      server: "https://api.example.org:443",
      caCertificate: pem,
      tlsServerName: "inner.example.org",
      token: "t0ken",
    });
  });

  it("looks at nothing else: commands, plugins, files, proxies, switched-off checks", () => {
    const cluster =
      "    insecure-skip-tls-verify: true\n    proxy-url: http://evil.example\n    certificate-authority: /etc/passwd";
    const user =
      "exec: { command: /bin/sh, args: [-c, id] }\n    tokenFile: /etc/passwd\n    auth-provider: { name: azure }\n    username: a\n    password: b";
    expect(readKubeconfig(kubeconfig(cluster, user))).toEqual({
      server: "https://api.example.org:443",
      caCertificate: pem,
    });
  });

  const bomb = `a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]`;
  it.each<[string, (text: string) => string]>([
    ["plain http", (text) => text.replace("https://api", "http://api")],
    ["no CA", (text) => text.replace(/certificate-authority-data: .*/, "certificate-authority: /ca.pem")],
    [
      "a CA that is none",
      (text) =>
        text.replace(
          /certificate-authority-data: .*/,
          `certificate-authority-data: ${Buffer.from("no").toString("base64")}`,
        ),
    ],
    ["no such context", (text) => text.replace("current-context: mine", "current-context: gone")],
    ["aliases", (text) => `${text}\n${bomb}`],
    ["no YAML", () => "{{{{"],
    ["HTML", () => "<!doctype html><html></html>"],
    ["nothing", () => ""],
    ["far too much", (text) => text + " ".repeat(300_000)],
  ])("refuses %s", (_, change) => {
    expect(() => readKubeconfig(change(kubeconfig()))).toThrow();
  });
});

describe("settings", () => {
  const ids = {
    subscriptionId: "3F1D0C52-8A64-4A0E-9A57-0B7C9A5F1101",
    tenantId: "7c1a5c1e-52d4-4f0a-9d55-6f0e2a1b9c30",
    clientId: "c0000000-0000-4000-8000-000000000001",
  };
  it("need three ids; the rest is the public cloud", () => {
    expect(aksSettings.parse(ids)).toMatchObject({
      subscriptionId: ids.subscriptionId.toLowerCase(),
      credential: "secret",
      authorityHost: "https://login.microsoftonline.com",
      armEndpoint: "https://management.azure.com",
      armAudience: "https://management.azure.com",
      maxRetries: 3,
    });
    expect(arcSettings.parse(ids).arc).toEqual([]);
  });
  it.each([
    { subscriptionId: "../../x" },
    { tenantId: "common" },
    { authorityHost: "http://login.microsoftonline.com" },
    { armEndpoint: "https://user:pass@management.azure.com" },
    { armEndpoint: "https://management.azure.com/?x=1" },
    { caBundle: "/etc/ssl/ca.pem" },
    { maxRetries: 99 },
    { requestTimeoutMs: 0 },
    { apiVersions: { aks: "latest&x=1" } },
    { credential: "file" },
  ])("refuse %j", (change) => {
    expect(aksSettings.safeParse({ ...ids, ...change }).success).toBe(false);
  });
});

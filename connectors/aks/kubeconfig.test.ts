import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Estate } from "@/connectors/azure/testing/estate";
import { readUserKubeconfig } from "./kubeconfig";

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
    expect(readUserKubeconfig(kubeconfig("    tls-server-name: inner.example.org"))).toEqual({
      server: "https://api.example.org:443",
      caCertificate: pem,
      tlsServerName: "inner.example.org",
      token: "t0ken",
    });
  });

  it("looks at nothing else of the user: commands, plugins, files, passwords, certificates", () => {
    const user =
      "exec: { command: /bin/sh, args: [-c, id] }\n    tokenFile: /etc/passwd\n    auth-provider: { name: azure }\n    username: a\n    password: b\n    client-certificate-data: eA==";
    expect(readUserKubeconfig(kubeconfig("", user))).toEqual({
      server: "https://api.example.org:443",
      caCertificate: pem,
    });
  });

  it.each(["insecure-skip-tls-verify: true", "proxy-url: http://evil.example", "certificate-authority: /etc/passwd"])(
    "refuses a cluster with %s",
    (line) => {
      expect(() => readUserKubeconfig(kubeconfig(`    ${line}`))).toThrow();
    },
  );

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
    expect(() => readUserKubeconfig(change(kubeconfig()))).toThrow();
  });
});

import { expect, test } from "vitest";
import { exposedBy } from "./exposure";
import { allowsAllOf, deniesEgressByDefault, deniesIngressByDefault, opensMetadata, selectedBy } from "./policy";
import type { Distribution, KubernetesObject } from "./schema";
import { projectsToken } from "./token";

const policy = (spec: unknown): KubernetesObject => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "p", namespace: "shop" },
  spec,
});
const deny = { podSelector: {}, policyTypes: ["Ingress"] };
const everyone = [{ ipBlock: { cidr: "0.0.0.0/0" } }];
const cluster = [{ namespaceSelector: {} }];

test.each<[string, unknown[], boolean | undefined, boolean | undefined]>([
  ["none", [], false, false],
  ["default deny", [deny], true, true],
  ["deny, with nulls where Kubernetes reads absent", [{ ...deny, ingress: null, egress: null }], true, true],
  ["from the same namespace only", [{ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }], true, true],
  ["a rule without peers and ports", [{ podSelector: {}, ingress: [{}] }], false, false],
  ["the same, with empty lists", [{ podSelector: {}, ingress: [{ from: [], ports: [] }] }], false, false],
  ["from every address", [{ podSelector: {}, ingress: [{ from: everyone }] }], false, false],
  ["from every pod of the cluster", [{ podSelector: {}, ingress: [{ from: cluster }] }], true, false],
  ["one port from everywhere", [{ podSelector: {}, ingress: [{ ports: [{ port: 8443 }] }] }], true, true],
  ["deny, and allow all again", [deny, { podSelector: {}, ingress: [{}] }], false, false],
  ["deny, and single pods opened", [deny, { podSelector: { matchLabels: { app: "b" } }, ingress: [{}] }], true, true],
  ["egress only", [{ podSelector: {}, policyTypes: ["Egress"] }], false, false],
  ["a selector that is a text", [{ podSelector: "x" }], undefined, undefined],
  ["ingress that is a map", [{ podSelector: {}, ingress: { from: [] } }], undefined, undefined],
  ["a peer that is a text", [{ podSelector: {}, ingress: [{ from: ["all"] }] }], undefined, undefined],
  [
    "an unknown operator",
    [{ podSelector: { matchExpressions: [{ key: "a", operator: "Like" }] } }],
    undefined,
    undefined,
  ],
  ["no specification", [undefined], undefined, undefined],
  ["unreadable beside deny", [deny, { podSelector: 7 }], undefined, undefined],
  ["unreadable beside allow all", [{ podSelector: {}, ingress: [{}] }, { podSelector: 7 }], false, false],
])("policies: %s", (_what, specs, selected, denies) => {
  const policies = specs.map(policy);
  expect(selectedBy(policies, { app: "a" }).ingress).toBe(selected);
  expect(deniesIngressByDefault(policies)).toBe(denies);
});

test("labels that can't be read are selected by nobody knows what", () => {
  expect(selectedBy([policy(deny)], "app=a").ingress).toBeUndefined();
});

test("what can't be read may expose", () => {
  const service = (spec: unknown): KubernetesObject => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "s" },
    spec,
  });
  const open = service({ type: "NodePort", selector: { app: "a" } });
  const broken = service({ type: "NodePort", selector: "app=a" });
  expect(exposedBy([broken], new Set(), { app: "a" })).toBeUndefined();
  expect(exposedBy([broken, open], new Set(), { app: "a" })).toEqual(["NodePort"]);
  expect(exposedBy([], null, { app: "a" })).toBeUndefined();
});

test.each<[string, unknown, boolean | undefined]>([
  ["no volumes", undefined, false],
  ["a token for the API server", [{ projected: { sources: [{ serviceAccountToken: { path: "token" } }] } }], true],
  ["for AWS", [{ projected: { sources: [{ serviceAccountToken: { audience: "sts.amazonaws.com" } }] } }], false],
  [
    "for an issuer",
    [{ projected: { sources: [{ serviceAccountToken: { audience: "https://oidc.example" } }] } }],
    undefined,
  ],
  ["volumes that are a map", {}, undefined],
])("projected token: %s", (_what, volumes, expected) => {
  expect(projectsToken(volumes)).toBe(expected);
});

const out = (...egress: unknown[]) => policy({ podSelector: {}, policyTypes: ["Egress"], egress });
const to = (cidr: string, ...except: string[]) => ({ to: [{ ipBlock: { cidr, except } }] });
test.each<[string, unknown[], boolean | undefined]>([
  ["nothing goes out", [], false],
  ["a rule without peers", [{}], true],
  ["every address", [to("0.0.0.0/0")], true],
  ["every address but the link's own", [to("0.0.0.0/0", "169.254.0.0/16")], false],
  ["every address but another", [to("0.0.0.0/0", "10.0.0.0/8")], true],
  ["the address alone", [to("169.254.169.254/32")], true],
  ["a range beside it", [to("169.254.170.0/23")], false],
  ["a range around it", [to("169.254.168.0/23")], true],
  ["of IPv6", [to("::/0")], false],
  ["another port", [{ ...to("0.0.0.0/0"), ports: [{ port: 443 }] }], false],
  ["its port", [{ ...to("0.0.0.0/0"), ports: [{ port: 443 }, { port: 80, protocol: "TCP" }] }], true],
  ["ports around it", [{ ...to("0.0.0.0/0"), ports: [{ port: 1, endPort: 1024 }] }], true],
  ["names only", [{ to: [], ports: [{ port: 53, protocol: "UDP" }] }], false],
  ["pods", [{ to: [{ podSelector: {} }] }], false],
  ["rubbish", ["everything"], undefined],
  ["half of all addresses, with it", [to("128.0.0.0/1")], true],
  ["the other half", [to("0.0.0.0/1")], false],
])("the metadata address: %s", (_what, egress, expected) => {
  expect(opensMetadata(out(...egress))).toBe(expected);
});
test.each<[Distribution, string, boolean]>([
  ["aks", "168.63.129.16/32", true],
  ["eks", "168.63.129.16/32", false],
  ["eks", "fd00:ec2::254/128", true],
  ["eks", "::/0", true],
  ["gke", "fd20:ce::/64", true],
  ["aks", "::/0", false],
])("the metadata addresses of %s: %s", (distribution, cidr, expected) => {
  expect(opensMetadata(out(to(cidr)), distribution)).toBe(expected);
  expect(opensMetadata(out(to(cidr, cidr)), distribution)).toBe(false);
});
const halves = [{ ipBlock: { cidr: "0.0.0.0/1" } }, { ipBlock: { cidr: "128.0.0.0/1" } }];
test.each<[string, unknown[], string[]]>([
  ["two halves of the addresses", [{ to: halves }], ["egress"]],
  ["two halves in two rules", halves.map((half) => ({ to: [half] })), ["egress"]],
  ["one half", [{ to: halves.slice(1) }], []],
  ["what one rule leaves out, another adds", [to("0.0.0.0/0", "10.0.0.0/8"), to("10.0.0.0/8")], ["egress"]],
  ["all but a range", [to("0.0.0.0/0", "10.0.0.0/8")], []],
  ["halves of IPv6", [to("::/1"), to("8000::/1")], ["egress"]],
  ["a half of each family", [to("0.0.0.0/1"), to("8000::/1")], []],
  ["every port by number", [{ ports: [{ port: 1, endPort: 65535 }] }], ["egress"]],
  ["every port of TCP", [{ ports: [{ protocol: "TCP" }] }], ["egress"]],
  ["ports in pieces", [{ ports: [{ port: 1, endPort: 99 }] }, { ports: [{ port: 100, endPort: 65535 }] }], ["egress"]],
  ["every port but one", [{ ports: [{ port: 2, endPort: 65535 }] }], []],
  ["every port of UDP", [{ ports: [{ protocol: "UDP" }] }], []],
  ["a port by its name", [{ ports: [{ port: "http" }] }], []],
  ["no sound address", [to("0.0.0.0/33"), to("1.2.3"), to(":::/0"), to("0.0.0.0/x")], []],
])("all in pieces: %s", (_what, rules, expected) => {
  expect(allowsAllOf(out(...rules))).toEqual(expected);
});
test("policies that allow all together hold nothing back", () => {
  const parts = halves.map((half) => policy({ podSelector: {}, ingress: [{ from: [half] }] }));
  expect(selectedBy(parts, {}).ingress).toBe(false);
  expect(selectedBy(parts.slice(1), {}).ingress).toBe(true);
});
test("every namespace, by the label that each has", () => {
  const from = (...matchExpressions: object[]) => {
    const peer = { namespaceSelector: { matchExpressions } };
    return deniesIngressByDefault([policy({ podSelector: {}, ingress: [{ from: [peer] }] })]);
  };
  const named = { key: "kubernetes.io/metadata.name", operator: "Exists" };
  expect(from(named)).toBe(false);
  expect(from({ key: "team", operator: "Exists" })).toBe(true);
  expect(from(named, { key: "team", operator: "Exists" })).toBe(true);
});
test("everything allowed, by direction; a direction that a policy does not touch allows nothing", () => {
  expect(allowsAllOf(out({}))).toEqual(["egress"]);
  expect(allowsAllOf(policy({ podSelector: {}, policyTypes: ["Egress"], ingress: [{}] }))).toEqual([]);
  expect(allowsAllOf(policy({ podSelector: {}, ingress: [{ from: everyone }] }))).toEqual(["ingress"]);
  expect(allowsAllOf(policy("open"))).toBeUndefined();
});
test("a default for what is sent is told apart from one for what comes", () => {
  expect(deniesEgressByDefault([policy(deny)])).toBe(false);
  expect(deniesEgressByDefault([out()])).toBe(true);
});

import { expect, test } from "vitest";
import { exposedBy } from "./exposure";
import { allowsAllOf, deniesEgressByDefault, deniesIngressByDefault, opensMetadata, selectedBy } from "./policy";
import type { KubernetesObject } from "./schema";
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
])("the metadata address: %s", (_what, egress, expected) => {
  expect(opensMetadata(out(...egress))).toBe(expected);
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

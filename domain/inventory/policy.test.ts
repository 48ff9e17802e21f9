import { expect, test } from "vitest";
import { exposedBy } from "./exposure";
import { deniesIngressByDefault, selectedBy } from "./policy";
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

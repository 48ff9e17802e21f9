import { expect, test } from "vitest";
import type { GkeCluster } from "./client";
import { describeCluster } from "./describe";

const WHOLE = { status: "RUNNING" as const, masterAuth: { clusterCaCertificate: "Y2E=" } };
/** A word as the client decodes it: one that it does not know stays a number, or the text of a REST answer. */
const NEW = [99, "SOMETHING_NEW"] as const;
const facts = (cluster: object) => describeCluster(cluster as GkeCluster);
const pool = (own: object, cluster: object = {}) =>
  facts({ ...WHOLE, ...cluster, nodePools: [{ name: "a", ...own }] }).nodePools?.[0];

test.each(NEW)("a word that nobody knows is neither on nor off: %s", (word) => {
  const network = facts({ networkConfig: { datapathProvider: word, inTransitEncryptionConfig: word } }).network;
  for (const fact of ["policyEngine", "plugin", "nodeEncryption"]) expect(network).not.toHaveProperty(fact);
  expect(facts({ networkConfig: { datapathProvider: word }, networkPolicy: {} }).network).not.toHaveProperty(
    "policyEngine",
  );
  const { security, upgrade, encryption, status } = facts({
    status: word,
    binaryAuthorization: { evaluationMode: word, enabled: true },
    securityPostureConfig: { mode: word },
    releaseChannel: { channel: word },
    databaseEncryption: { currentState: word },
  });
  expect({ security, upgrade, encryption, status }).toEqual({
    security: {},
    upgrade: {},
    encryption: {},
    status: undefined,
  });
  const odd = pool({ status: word, config: { sandboxConfig: { type: word }, workloadMetadataConfig: { mode: word } } });
  for (const fact of ["status", "sandbox", "metadataProtected"]) expect(odd).not.toHaveProperty(fact);
});

test.each([
  ["DISABLED", false],
  // Continuous Validation alone logs what runs and refuses nothing.
  ["POLICY_BINDINGS", false],
  ["PROJECT_SINGLETON_POLICY_ENFORCE", true],
  ["POLICY_BINDINGS_AND_PROJECT_SINGLETON_POLICY_ENFORCE", true],
  ["EVALUATION_MODE_UNSPECIFIED", false],
  // The client knows no word for these, and leaves them the numbers that v1beta1 gives them.
  [5, false],
  [6, true],
])("images are refused in the mode %s: %s", (evaluationMode, expected) => {
  expect(facts({ binaryAuthorization: { evaluationMode } }).security.binaryAuthorization).toBe(expected);
});

test("what proto3 leaves out of a message that is there is its default", () => {
  expect(facts({ loggingConfig: { componentConfig: {} }, monitoringConfig: { componentConfig: {} } }).logging).toEqual({
    ...{ api: false, controllerManager: false, scheduler: false, system: false, workloads: false },
    metrics: false,
  });
  expect(facts({ loggingConfig: {}, monitoringConfig: {} }).logging).toEqual({});
  expect(facts({ releaseChannel: {} }).upgrade).toEqual({ channel: "none", automatic: false, extendedSupport: false });
  expect(facts({}).upgrade).toEqual({});
});

test("nothing protects the nodes' metadata where the cluster has no Workload Identity", () => {
  const protection = (config: object | undefined, cluster: object = {}) => pool({ config }, cluster)?.metadataProtected;
  expect(protection({})).toBe(false);
  expect(protection({}, { workloadIdentityConfig: {} })).toBe(false);
  expect(protection({}, { workloadIdentityConfig: { workloadPool: "p.svc.id.goog" } })).toBeUndefined();
  expect(protection({}, { masterAuth: {} })).toBeUndefined();
  expect(protection(undefined)).toBeUndefined();
  expect(protection({ workloadMetadataConfig: { mode: "GKE_METADATA" } })).toBe(true);
});

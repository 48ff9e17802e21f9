import { expect, test } from "vitest";
import { AKS_ANSWER, ARC_ANSWER } from "./cluster/azure-answer";
import { GKE_ANSWER } from "./cluster/gke-answer";

const aks = { type: "Microsoft.ContainerService/ManagedClusters", name: "prod" };
const read = async (answer: object, properties: object) =>
  (await AKS_ANSWER.read({ ...aks, ...answer, properties: { provisioningState: "Succeeded", ...properties } }))
    .identity;

test.each(["disableLocalAccounts", "DisableLocalAccounts"])(
  "%s beside the properties that say otherwise tells nothing",
  async (name) => {
    expect(await read({ [name]: true }, { disableLocalAccounts: false })).not.toHaveProperty("localAccounts");
    expect(await read({ [name]: false }, { disableLocalAccounts: true })).not.toHaveProperty("localAccounts");
    expect(await read({ [name]: true }, { disableLocalAccounts: null })).not.toHaveProperty("localAccounts");
    expect((await read({ [name]: true }, { disableLocalAccounts: true })).localAccounts).toBe(false);
    expect((await read({ [name]: null }, { disableLocalAccounts: true })).localAccounts).toBe(false);
  },
);

test("whole groups that disagree tell nothing of what is in them", async () => {
  const [on, off] = [true, false].map((enabled) => ({ securityProfile: { workloadIdentity: { enabled } } }));
  expect(await read(on ?? {}, off ?? {})).not.toHaveProperty("workloadIdentity");
  expect((await read(on ?? {}, on ?? {})).workloadIdentity).toBe(true);
  const arc = { type: "microsoft.kubernetes/connectedclusters", name: "edge", aadProfile: { enableAzureRBAC: true } };
  const { identity } = await ARC_ANSWER.read({ ...arc, properties: { aadProfile: { enableAzureRBAC: false } } });
  expect(identity).toEqual({});
});

test("a word of GKE's that nobody knows is not the same as none", async () => {
  const of = async (answer: object) => await GKE_ANSWER.read({ name: "c", currentMasterVersion: "1.35", ...answer });
  const odd = await of({
    networkConfig: { datapathProvider: "NEW", inTransitEncryptionConfig: "NEW" },
    networkPolicy: {},
    binaryAuthorization: { evaluationMode: "NEW" },
    releaseChannel: { channel: "NEW" },
    nodePools: [{ name: "a", config: { sandboxConfig: { type: "NEW" } } }],
  });
  expect(odd).toMatchObject({ upgrade: {}, security: {} });
  expect(Object.keys({ ...odd.upgrade, ...odd.security })).toEqual([]);
  expect(Object.keys(odd.network)).toEqual(["intranodeVisibility"]);
  expect(odd.nodePools?.[0]).not.toHaveProperty("sandbox");
  const bound = async (evaluationMode: string) =>
    (await of({ binaryAuthorization: { evaluationMode } })).security.binaryAuthorization;
  expect(await bound("POLICY_BINDINGS")).toBe(false);
  expect(await bound("POLICY_BINDINGS_AND_PROJECT_SINGLETON_POLICY_ENFORCE")).toBe(true);
});

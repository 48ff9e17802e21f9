import { expect, it } from "vitest";
import { clusterFacts } from "@/domain/inventory/cluster-facts";
import { DISTRIBUTIONS, type Distribution } from "@/domain/inventory/schema";
import { assess } from "@/domain/posture/engine";
import { loadControls } from "@/domain/posture/load";
import { AnswerError, type AnswerReaders, isMap, type Json } from "./cluster/answer";
import { AKS_ANSWER, ARC_ANSWER } from "./cluster/azure-answer";
import { EKS_ANSWER } from "./cluster/eks-answer";
import { GKE_ANSWER } from "./cluster/gke-answer";
import { BAD_ANSWERS } from "./fixtures/bad-clusters";

const READERS: AnswerReaders = { aks: AKS_ANSWER, eks: EKS_ANSWER, gke: GKE_ANSWER, arc: ARC_ANSWER };
const GONE = Symbol("gone");
const DAMAGE: readonly unknown[] = [GONE, null, 7, "", "Zzz", {}, [], [7], [""], ["Zzz"]];
const NOW = new Date("2026-11-01T00:00:00Z");

/** Every copy of a value in which one place holds something else, with the place and what it holds now. */
function* damaged(value: unknown, path = ""): Generator<[path: string, held: unknown, copy: unknown]> {
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries())
      for (const [where, held, copy] of places(item, `${path}[]`))
        yield [where, held, copy === GONE ? value.toSpliced(at, 1) : value.with(at, copy)];
  } else if (isMap(value)) {
    for (const [key, item] of Object.entries(value)) {
      const { [key]: _was, ...rest } = value;
      for (const [where, held, copy] of places(item, `${path}.${key}`))
        yield [where, held, copy === GONE ? rest : { ...value, [key]: copy }];
    }
  }
}
function* places(item: unknown, path: string): Generator<[string, unknown, unknown]> {
  for (const held of DAMAGE) yield [path, held, held];
  yield* damaged(item, path);
}

const CONTROLS = loadControls().filter(({ appliesTo }) => appliesTo.resources.includes("ManagedCluster"));

async function verdicts(distribution: Distribution, answer: Json): Promise<ReadonlyMap<string, string>> {
  const object = await READERS[distribution].read(answer);
  const key = { apiGroup: "", kind: "ManagedCluster", namespace: "", name: object.name };
  const facts = { ...clusterFacts(object, NOW) };
  const subject = { key, appliesTo: "ManagedCluster" as const, object: { ...object }, facts };
  const judging = CONTROLS.filter(
    ({ appliesTo: { distributions: of } }) => of === undefined || of.includes(distribution),
  );
  return new Map(judging.map((control) => [control.name, assess(control, subject).outcome]));
}

const named = (held: unknown): string => (held === GONE ? "gone" : JSON.stringify(held));

/** What turned healthy, as `place -> control: what was put there`. */
async function turned(distribution: Distribution, bad: Json): Promise<string[]> {
  const before = await verdicts(distribution, bad);
  const found: string[] = [];
  for (const [path, held, answer] of damaged(bad)) {
    try {
      if (!isMap(answer)) throw new AnswerError("An answer is an object.");
      for (const [name, outcome] of await verdicts(distribution, answer))
        if (outcome === "healthy" && before.get(name) !== "healthy") found.push(`${path} -> ${name}: ${named(held)}`);
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error; // it is refused
    }
  }
  return found;
}

const cartesian = (places: string, control: string, held: string): string[] =>
  places.split(" ").flatMap((place) => held.split(" ").map((each) => `${place} -> ${control}: ${each}`));

/** What is in order all the same: these clouds offer nothing else. */
const IN_ORDER: Readonly<Record<Distribution, readonly string[]>> = {
  aks: ["node-pool-without-repair"],
  eks: ["no-cloud-directory-sign-in", "rbac-not-decisive"],
  gke: ["no-cloud-directory-sign-in"],
  arc: [],
};

/** What may turn healthy, and why: the cloud documents that leaving this out means what is good. Everything else must not. */
const GOOD_BY_DEFAULT: Readonly<Record<Distribution, readonly string[]>> = {
  aks: [
    // "If there was no error, this field is omitted."
    ...cartesian(".properties.status .properties.status.provisioningError", "cluster-reports-issues", "gone null"),
    ...cartesian(".properties.status", "cluster-reports-issues", "{}"),
    // "If unspecified, the default is 'KubernetesOfficial'."
    ...cartesian(".properties.supportPlan", "kept-in-extended-support", "gone null"),
    // The add-on runs where somebody asked for it.
    ...cartesian(
      ".properties.podIdentityProfile .properties.podIdentityProfile.enabled",
      "retired-pod-identity",
      "gone null",
    ),
    ...cartesian(".properties.podIdentityProfile", "retired-pod-identity", "{}"),
    // "The default is false": without a key of one's own there is no vault, and another control says that there is no key.
    ...cartesian(
      ".properties.securityProfile .properties.securityProfile.azureKeyVaultKms",
      "key-vault-open-to-networks",
      "gone null {}",
    ),
    ...cartesian(".properties.securityProfile.azureKeyVaultKms.enabled", "key-vault-open-to-networks", "gone null"),
    // The map names every add-on that was ever switched on, and is left out where none was.
    ...cartesian(".properties.addonProfiles", "http-application-routing", "gone null {}"),
    ...cartesian(".properties.addonProfiles", "secret-rotation-off", "gone null {}"),
    ...cartesian(".properties.addonProfiles", "dashboard-addon-enabled", "{}"),
    ...cartesian(".properties.addonProfiles.kubeDashboard", "dashboard-addon-enabled", "gone"),
    ...cartesian(".properties.addonProfiles.httpApplicationRouting", "http-application-routing", "gone"),
    ...cartesian(".properties.addonProfiles.azureKeyvaultSecretsProvider", "secret-rotation-off", "gone"),
    // A cluster is public by default, which another control says; upgraded by nobody as well.
    ...cartesian(".properties.apiServerAccessProfile", "private-api-address-in-public-dns", "gone null {}"),
    ...cartesian(
      ".properties.apiServerAccessProfile.enablePrivateCluster",
      "private-api-address-in-public-dns",
      "gone null",
    ),
    ...cartesian(".properties.autoUpgradeProfile", "earliest-releases", "gone null {}"),
    ...cartesian(".properties.autoUpgradeProfile.upgradeChannel", "earliest-releases", "gone null"),
    // "The default is false."
    ...cartesian(".properties.agentPoolProfiles[].enableNodePublicIP", "nodes-with-public-addresses", "gone null"),
  ],
  eks: [
    // A whole list that does not hold a thing says that it is not there.
    ...cartesian(".cluster.health.issues", "cluster-reports-issues", "[]"),
    ...cartesian(".cluster.health.issues[]", "cluster-reports-issues", "gone"),
    ...cartesian(".nodegroups[]", "node-pool-failed", "gone"),
    ...cartesian(".addons", "addon-degraded", "[]"),
    ...cartesian(".addons[]", "addon-degraded", "gone"),
    ...cartesian(".accessEntries", "access-entry-for-user-or-root", "[]"),
    ...cartesian(".accessEntries[]", "access-entry-for-user-or-root", "gone"),
    // Without a key nobody is let in.
    ...cartesian(".nodegroups[].remoteAccess", "node-ssh-enabled", "gone null {}"),
    ...cartesian(".nodegroups[].remoteAccess", "node-ssh-from-anywhere", "gone null {}"),
    ...cartesian(".nodegroups[].remoteAccess.ec2SshKey", "node-ssh-enabled", "gone"),
    ...cartesian(".nodegroups[].remoteAccess.ec2SshKey", "node-ssh-from-anywhere", "gone"),
  ],
  gke: [
    // Proto3 sends no false and no empty list, so that what is left out of a message is off, and nothing is wrong.
    ...cartesian(".conditions", "cluster-reports-issues", "gone null []"),
    ...cartesian(".conditions[]", "cluster-reports-issues", "gone"),
    ...cartesian(".enableKubernetesAlpha", "alpha-features-enabled", "gone"),
    ...cartesian(".legacyAbac", "rbac-not-decisive", "{}"),
    ...cartesian(".legacyAbac.enabled", "rbac-not-decisive", "gone"),
    ...cartesian(".networkConfig.serviceExternalIpsConfig", "service-external-ips-allowed", "{}"),
    ...cartesian(".networkConfig.serviceExternalIpsConfig.enabled", "service-external-ips-allowed", "gone"),
    ...cartesian(".controlPlaneEndpointsConfig.dnsEndpointConfig", "dns-endpoint-takes-tokens", "{}"),
    ...cartesian(
      ".controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic",
      "dns-endpoint-takes-tokens",
      "gone",
    ),
    ...cartesian(".privateClusterConfig", "private-endpoint-open-to-all-regions", "{}"),
    ...cartesian(".privateClusterConfig.enablePrivateEndpoint", "private-endpoint-open-to-all-regions", "gone"),
    // Outside of every channel, which another control says.
    ...cartesian(".releaseChannel", "earliest-releases", "{}"),
    ...cartesian(".releaseChannel", "kept-in-extended-support", "{}"),
    ...cartesian(".releaseChannel.channel", "earliest-releases", "gone"),
    ...cartesian(".releaseChannel.channel", "kept-in-extended-support", "gone"),
    // Nothing is mounted that could be stale: another control says that there is no store.
    ...cartesian(".secretManagerConfig", "secret-rotation-off", "gone null {}"),
    ...cartesian(".secretManagerConfig.enabled", "secret-rotation-off", "gone"),
  ],
  arc: [],
};

it.each(DISTRIBUTIONS)(
  "a bad answer of %s turns good where its cloud documents it, however it is damaged",
  async (distribution) => {
    const answers = BAD_ANSWERS[distribution];
    const found = await Promise.all(answers.map((bad) => turned(distribution, bad)));
    expect([...new Set(found.flat())].sort()).toEqual([...GOOD_BY_DEFAULT[distribution]].sort());
  },
  120_000,
);

/** Where each cloud keeps node pools, and one in which all is as it should be. */
const POOLS: readonly { of: Distribution; place: readonly string[]; good: Json }[] = [
  {
    of: "aks",
    place: ["properties", "agentPoolProfiles"],
    good: {
      ...{ name: "good", mode: "System", provisioningState: "Succeeded", currentOrchestratorVersion: "1.35.1" },
      ...{ nodeImageVersion: "AKSUbuntu-2204gen2containerd-202611.01.0", enableNodePublicIP: false },
      ...{ enableAutoScaling: true, enableEncryptionAtHost: true, availabilityZones: ["1", "2", "3"] },
      securityProfile: { enableSecureBoot: true, enableVTPM: true, sshAccess: "Disabled" },
    },
  },
  {
    of: "eks",
    place: ["nodegroups"],
    good: {
      ...{ nodegroupName: "good", status: "ACTIVE", version: "1.35", amiType: "AL2023_x86_64_STANDARD" },
      ...{ scalingConfig: { minSize: 1, maxSize: 3, desiredSize: 2 }, nodeRepairConfig: { enabled: true } },
      health: { issues: [] },
    },
  },
  {
    of: "gke",
    place: ["nodePools"],
    good: {
      ...{
        name: "good",
        status: "RUNNING",
        version: "1.35.1-gke.1",
        management: { autoUpgrade: true, autoRepair: true },
      },
      ...{ locations: ["a", "b", "c"], autoscaling: { enabled: true }, networkConfig: { enablePrivateNodes: true } },
      config: {
        ...{ imageType: "COS_CONTAINERD", serviceAccount: "nodes@p.iam.gserviceaccount.com" },
        oauthScopes: ["https://www.googleapis.com/auth/logging.write"],
        workloadMetadataConfig: { mode: "GKE_METADATA" },
        shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
        kubeletConfig: { insecureKubeletReadonlyPortEnabled: false },
      },
    },
  },
];

/** The answer with something else in a place. */
const within = (value: unknown, [key, ...rest]: readonly string[], held: unknown): unknown =>
  key === undefined ? held : isMap(value) ? { ...value, [key]: within(value[key], rest, held) } : value;

it.each(POOLS)("a bad pool of $of beside a good one stays bad, however it is damaged", async ({ of, place, good }) => {
  const [bad] = BAD_ANSWERS[of];
  const [worst] = place.reduce<unknown>((inner, key) => (isMap(inner) ? inner[key] : inner), bad) as unknown[];
  const withPools = (...pools: unknown[]): unknown => within(bad, place, pools);
  const judged = async (answer: unknown) => (isMap(answer) ? await verdicts(of, answer) : new Map<string, string>());
  const before = await judged(withPools(good, worst));
  const alone = await judged(withPools(good));
  // Of these the bad pool decides.
  const decided = [...before].filter(([name, is]) => is === "unhealthy" && alone.get(name) === "healthy");
  expect(decided.length).toBeGreaterThan(2);
  const documented = new Set(GOOD_BY_DEFAULT[of]);
  const found: string[] = [];
  for (const [path, held, copy] of places(worst, `.${place.join(".")}[]`)) {
    if (copy === GONE) continue; // a whole list without it says that it is not there
    try {
      const after = await judged(withPools(good, copy));
      for (const [name] of decided) if (after.get(name) === "healthy") found.push(`${path} -> ${name}: ${named(held)}`);
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error; // it is refused
    }
  }
  expect([...new Set(found)].filter((one) => !documented.has(one))).toEqual([]);
});

it("the answers are bad: each control that can be judged finds one of them wrong", async () => {
  for (const distribution of DISTRIBUTIONS) {
    const found = await Promise.all(BAD_ANSWERS[distribution].map((bad) => verdicts(distribution, bad)));
    const healthy = [...(found[0]?.keys() ?? [])].filter((name) => found.every((each) => each.get(name) === "healthy"));
    expect(healthy).toEqual(IN_ORDER[distribution]);
  }
});

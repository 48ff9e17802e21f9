import { describe, expect, it } from "vitest";
import { ConnectorError } from "../connector";
import { subjectToken } from "../gcp/subject-token";
import type { GkeCluster } from "./client";
import { endpointOf, requestName } from "./credential";
import { describeCluster } from "./describe";
import { discoverClusters } from "./discover";
import { settingsSchema } from "./schema";

const leaves = (value: unknown, path = ""): string[] =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === "" ? key : `${path}.${key}`))
    : [path];

/** The client decodes enums to their names, and types lists of them as numbers. */
const named = (...names: string[]) => names as never;

const WHOLE = { clusterCaCertificate: "Y2E=" };

describe("describeCluster", () => {
  it("claims nothing about an answer that describes no cluster", () => {
    expect(
      leaves(describeCluster({}))
        .filter((leaf) => leaf !== "logging")
        .sort(),
    ).toEqual(["distribution", "name"]);
    expect(describeCluster({ status: "RUNNING" }).identity).toEqual({ cloudDirectory: true });
    // Without the certificate of the CA it is a part of Google's answer: what it leaves out may be set.
    expect(describeCluster({ status: "RUNNING", masterAuth: {} })).toEqual(describeCluster({ status: "RUNNING" }));
    expect(describeCluster({ status: "RUNNING", masterAuth: WHOLE }).identity.localAccounts).toBe(false);
  });

  it.each<[string, GkeCluster, object]>([
    ["nulls", { masterAuth: null, networkConfig: null, legacyAbac: null, nodePools: null }, {}],
    ["an unknown enum value", { databaseEncryption: { state: 99 as never } }, { encryption: {} }],
    ["an encryption state that is unspecified", { databaseEncryption: { state: "UNKNOWN" } }, { encryption: {} }],
    ["ABAC beside RBAC", { legacyAbac: { enabled: true } }, { identity: { rbac: false, legacyAuthorization: true } }],
    ["network policies off, data path unknown", { networkPolicy: { enabled: false } }, { network: {} }],
    [
      "network policies off on the legacy data path",
      { networkPolicy: { enabled: false }, networkConfig: { datapathProvider: "LEGACY_DATAPATH" } },
      { network: { policyEngine: "none", intranodeVisibility: false, nodeEncryption: false } },
    ],
    ["no release channel given", { nodePools: [{ management: { autoUpgrade: true } }] }, { upgrade: {} }],
    [
      "outside a channel, though its nodes upgrade",
      { releaseChannel: { channel: "UNSPECIFIED" }, nodePools: [{ management: { autoUpgrade: true } }] },
      { upgrade: { channel: "none", automatic: false, extendedSupport: false } },
    ],
  ])("%s", (_, cluster, expected) => {
    const { nodePools: _pools, ...facts } = describeCluster(cluster);
    expect(facts).toEqual({ ...describeCluster({}), ...expected });
  });

  it("takes what a whole answer leaves out for never configured", () => {
    const { identity, security, issues } = describeCluster({
      status: "RUNNING",
      masterAuth: { ...WHOLE, username: "admin" },
    });
    expect(identity).toEqual({
      cloudDirectory: true,
      localAccounts: true,
      workloadIdentity: false,
      directoryGroups: false,
    });
    expect(security).toEqual({ secretStore: false, alphaFeatures: false });
    expect(issues).toEqual([]);
  });

  it("reads what a cluster was given", () => {
    const managed = describeCluster({
      location: "europe-west1-b",
      status: "RUNNING",
      masterAuth: WHOLE,
      enableKubernetesAlpha: true,
      conditions: [{ code: "CA_EXPIRING" }, { canonicalCode: "INTERNAL" }],
      controlPlaneEndpointsConfig: {
        dnsEndpointConfig: { allowExternalTraffic: true, enableK8sTokensViaDns: true },
        ipEndpointsConfig: { globalAccess: true, authorizedNetworksConfig: { gcpPublicCidrsAccessEnabled: true } },
      },
      anonymousAuthenticationConfig: { mode: "LIMITED" },
      rbacBindingConfig: { enableInsecureBindingSystemAuthenticated: true },
      authenticatorGroupsConfig: { enabled: true },
      databaseEncryption: { state: "ENCRYPTED", currentState: "CURRENT_STATE_ENCRYPTION_ERROR" },
      networkConfig: {
        enableIntraNodeVisibility: true,
        inTransitEncryptionConfig: "IN_TRANSIT_ENCRYPTION_INTER_NODE_TRANSPARENT",
        serviceExternalIpsConfig: { enabled: true },
      },
      loggingConfig: { componentConfig: { enableComponents: named("SYSTEM_COMPONENTS", "SCHEDULER") } },
      monitoringConfig: { componentConfig: { enableComponents: named("SYSTEM_COMPONENTS") } },
      maintenancePolicy: { window: { recurringWindow: { recurrence: "FREQ=DAILY" } } },
      releaseChannel: { channel: "EXTENDED" },
      secretManagerConfig: { enabled: true },
      securityPostureConfig: { mode: "BASIC" },
      shieldedNodes: { enabled: true },
      nodePools: [
        {
          name: "a",
          status: "RUNNING_WITH_ERROR",
          conditions: [{ code: "GCE_STOCKOUT" }],
          config: {
            serviceAccount: "1234567890-compute@developer.gserviceaccount.com",
            oauthScopes: [
              "https://www.googleapis.com/auth/logging.write",
              "https://www.googleapis.com/auth/cloud-platform",
            ],
            kubeletConfig: { insecureKubeletReadonlyPortEnabled: true },
            sandboxConfig: { type: "GVISOR" },
            shieldedInstanceConfig: { enableIntegrityMonitoring: true },
          },
        },
        {
          name: "b",
          config: {
            serviceAccount: "nodes@p.iam.gserviceaccount.com",
            oauthScopes: ["https://www.googleapis.com/auth/logging.write"],
          },
        },
        { name: "c" },
      ],
    });
    expect(managed).toMatchObject({
      api: { tokensViaDns: true, globalAccess: true, providerRanges: true, anonymousRequests: false },
      identity: { directoryGroups: true, bindingsForEveryone: true },
      network: { intranodeVisibility: true, nodeEncryption: true, externalIps: true },
      logging: { api: false, controllerManager: false, scheduler: true, system: true, workloads: false, metrics: true },
      encryption: { secretsCustomerKey: true, keyWorks: false },
      upgrade: { channel: "extended", extendedSupport: true, maintenanceWindow: true },
      security: {
        secretStore: true,
        secretRotation: false,
        postureScanning: true,
        shieldedNodes: true,
        alphaFeatures: true,
      },
      availability: { manyZones: false },
      issues: ["CA_EXPIRING", "INTERNAL"],
    });
    expect(managed.nodePools).toMatchObject([
      {
        status: "RUNNING_WITH_ERROR",
        issues: ["GCE_STOCKOUT"],
        autoscaling: false,
        defaultIdentity: true,
        everyApi: true,
        kubeletReadOnlyPort: true,
        sandbox: true,
        measuredBoot: true,
        secureBoot: false,
        diskCustomerKey: false,
      },
      { name: "b", defaultIdentity: false, everyApi: false, sandbox: false },
      { name: "c" },
    ]);
    expect(Object.keys(managed.nodePools?.[2] ?? {})).toEqual(["name"]);
  });

  it.each<[string | null, boolean | undefined]>([
    ["europe-west1", true],
    ["northamerica-northeast2", true],
    ["europe-west1-b", false],
    ["us-south1-ai1b", false],
    ["l", undefined],
    ["global", undefined],
    [null, undefined],
  ])("takes only a region for many zones: %s", (location, expected) => {
    expect(describeCluster({ location }).availability?.manyZones).toBe(expected);
  });
  it("takes no scopes and no pools for no answer", () => {
    const { nodePools } = describeCluster({ nodePools: [{ name: "a", config: { oauthScopes: [] } }] });
    expect(nodePools?.[0]).not.toHaveProperty("everyApi");
    expect(describeCluster({ nodePools: [] })).not.toHaveProperty("nodePools");
  });

  const api = (cluster: GkeCluster) => describeCluster(cluster).api;
  it("does not call a locked public endpoint open: no range at all is nobody, not everyone", () => {
    const ipEndpointsConfig = {
      enabled: true,
      enablePublicEndpoint: true,
      authorizedNetworksConfig: { enabled: true },
    };
    expect(api({ controlPlaneEndpointsConfig: { ipEndpointsConfig } })).toEqual({
      publicEndpoint: true,
      privateEndpoint: false,
    });
  });
  it("calls an open DNS endpoint public to everyone, whatever the IP endpoint allows", () => {
    const authorizedNetworksConfig = { enabled: true, cidrBlocks: [{ cidrBlock: "10.0.0.0/8" }] };
    expect(
      api({
        controlPlaneEndpointsConfig: {
          dnsEndpointConfig: { allowExternalTraffic: true },
          ipEndpointsConfig: { enabled: true, enablePublicEndpoint: false, authorizedNetworksConfig },
        },
      }),
    ).toMatchObject({ publicEndpoint: true, authorizedRanges: [] });
  });
  it("reads the older private-cluster settings where the newer are not there", () => {
    expect(api({ privateClusterConfig: { enablePrivateEndpoint: true, privateEndpoint: "10.0.0.2" } })).toEqual({
      publicEndpoint: false,
      privateEndpoint: true,
    });
  });
});

describe("what an account may not do", () => {
  const settings = {
    projectId: "my-project-1",
    audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider",
    serviceAccountEmail: "reader@my-project-1.iam.gserviceaccount.com",
  };
  const refused = (work: Promise<unknown>) =>
    work.then(
      () => "accepted",
      (error: unknown) => (error instanceof ConnectorError ? error.gap.code : String(error)),
    );

  it.each([
    { tokenUrl: "http://127.0.0.1/v1/token" },
    { tokenUrl: "file:///etc/passwd" },
    { apiEndpoint: "https://container.googleapis.com" },
    { credential_source: { executable: { command: "/bin/sh" } } },
    { credential_source: { file: "/etc/passwd" } },
    { subjectTokenFile: "/etc/passwd" },
    { projectId: "../other" },
    { serviceAccountEmail: "a@b/../../x" },
  ])("enter %j", (extra) => {
    expect(settingsSchema.safeParse(settings).success).toBe(true);
    expect(settingsSchema.safeParse({ ...settings, ...extra }).success).toBe(false);
  });

  it("send the operator's token anywhere but to Google", async () => {
    const source = { subjectTokenSource: "operator-file" as const, universeDomain: "googleapis.com" };
    const environment = { SEAWALL_GCP_SUBJECT_TOKEN_FILE: "/dev/null" };
    expect(await refused(subjectToken({ ...source, tokenUrl: "https://evil.example/token" }, {}, environment))).toBe(
      "unsupported",
    );
    expect(await refused(subjectToken({ ...source, universeDomain: "evil.example" }, {}, environment))).toBe(
      "unsupported",
    );
    expect(await refused(subjectToken(source, {}, environment))).toBe("unauthenticated");
    expect(await refused(subjectToken(source, {}, {}))).toBe("unsupported");
  });

  it("read a cluster of another project", () => {
    const aliases = ["https://container.googleapis.com/v1/projects/other/zones/europe-west1-b/clusters/c"];
    expect(() => requestName({ name: "c", aliases }, "my-project-1")).toThrow(ConnectorError);
    expect(requestName({ name: "c", aliases }, "other")).toBe("projects/other/locations/europe-west1-b/clusters/c");
  });

  it("be led to the metadata server by an answer", async () => {
    const clusterCaCertificate = Buffer.from("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n").toString(
      "base64",
    );
    const masterAuth = { clusterCaCertificate };
    expect(await refused(endpointOf({ endpoint: "169.254.169.254", masterAuth }, true))).toBe("unreachable");
    expect(await refused(endpointOf({ endpoint: "10.0.0.1", masterAuth }, false))).toBe("unreachable");
    expect(await refused(endpointOf({ endpoint: "a/b@c", masterAuth }, true))).toBe("malformed");
    expect(await refused(endpointOf({ endpoint: "8.8.8.8", masterAuth: {} }, true))).toBe("malformed");
    expect(await refused(endpointOf({ masterAuth }, true))).toBe("unsupported");
  });
});

describe("discoverClusters", () => {
  const list = (clusters: GkeCluster[]) => ({
    listClusters: async () => ({ clusters, missingZones: [] }),
    getCluster: () => Promise.reject(new Error("nothing is known, so nothing is asked for by name")),
  });
  it("leaves out what has no sound name, and is then incomplete", async () => {
    const { clusters, complete } = await discoverClusters(list([{ name: "../x", location: "l" }, {}]), "p");
    expect({ clusters, complete }).toEqual({ clusters: [], complete: false });
  });
  it("does not call a running cluster without node pools complete in its facts", async () => {
    const { clusters, complete } = await discoverClusters(
      list([{ name: "c", location: "l", status: "RUNNING", nodePools: [] }]),
      "p",
    );
    expect(complete).toBe(true);
    expect(clusters[0]?.managed).not.toHaveProperty("nodePools");
    expect(clusters[0]?.gaps.map((gap) => gap.code)).toEqual(["truncated"]);
  });
});

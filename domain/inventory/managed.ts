import { z } from "zod";

/** A node pool as the cloud describes it. Every fact the answer does not hold is absent, never a default. */
export const nodePoolSchema = z.object({
  name: z.string(),
  mode: z.string().optional(),
  machineType: z.string().optional(),
  count: z.number().int().optional(),
  minCount: z.number().int().optional(),
  maxCount: z.number().int().optional(),
  version: z.string().optional(),
  osImage: z.string().optional(),
  autoUpgrade: z.boolean().optional(),
  autoRepair: z.boolean().optional(),
  publicNodes: z.boolean().optional(),
  secureBoot: z.boolean().optional(),
  hostEncryption: z.boolean().optional(),
  /** GKE: "GKE_METADATA" concealment; EKS: IMDSv2 required and out of the pods' reach; AKS: absent. */
  metadataProtected: z.boolean().optional(),
  status: z.string().optional(),
  /** Codes of what the cloud says is wrong with the pool. */
  issues: z.array(z.string()).optional(),
  autoscaling: z.boolean().optional(),
  /** Number of zones its nodes may lie in. */
  zones: z.number().int().optional(),
  /** What is measured while a node boots is kept in a virtual TPM and watched. */
  measuredBoot: z.boolean().optional(),
  /** Nodes' disks are encrypted with a key of the customer's. */
  diskCustomerKey: z.boolean().optional(),
  /** Nodes act as the identity that every machine of the project gets. */
  defaultIdentity: z.boolean().optional(),
  /** GKE: tokens of nodes hold for every API of the cloud, so that only the rights of their identity bound them. */
  everyApi: z.boolean().optional(),
  /** The kubelet serves its unauthenticated port. */
  kubeletReadOnlyPort: z.boolean().optional(),
  /** Somebody can sign in to nodes by SSH as a local user; and from any address. */
  sshAccess: z.boolean().optional(),
  sshFromAnywhere: z.boolean().optional(),
  /** Pods run in a sandbox of their own: gVisor, Kata. */
  sandbox: z.boolean().optional(),
});
export type NodePool = z.infer<typeof nodePoolSchema>;

/** The facts of a managed cluster by group. Every leaf is optional, for the reason that `managedClusterSchema` gives. */
export const managedFacts = {
  api: z
    .object({
      publicEndpoint: z.boolean().optional(),
      privateEndpoint: z.boolean().optional(),
      /** CIDR ranges allowed to reach the public endpoint, the widest first; an empty list means everyone. */
      authorizedRanges: z.array(z.string()).optional(),
      /** Addresses of the cloud's other customers pass the list of ranges. */
      providerRanges: z.boolean().optional(),
      /** The private endpoint answers clients of every region. */
      globalAccess: z.boolean().optional(),
      /** Commands can be run in the cluster through the cloud's management API. */
      runCommand: z.boolean().optional(),
      /** The public DNS knows the address of a private endpoint. */
      publicName: z.boolean().optional(),
      /** Tokens and client certificates of Kubernetes are taken through the endpoint that the cloud's sign-in guards. */
      tokensViaDns: z.boolean().optional(),
      /** Requests without credentials reach more than the health endpoints. */
      anonymousRequests: z.boolean().optional(),
    })
    .default({}),
  identity: z
    .object({
      rbac: z.boolean().optional(),
      /** Who gets in stands in the cluster alone: AKS local accounts, GKE client certificates or basic auth, EKS modes that read the aws-auth ConfigMap. */
      localAccounts: z.boolean().optional(),
      /** People can sign in with the cloud's directory (Entra ID, IAM, Google IAM). */
      cloudDirectory: z.boolean().optional(),
      /** EKS: access entries let people in, not the aws-auth ConfigMap alone. */
      accessEntries: z.boolean().optional(),
      workloadIdentity: z.boolean().optional(),
      legacyAuthorization: z.boolean().optional(),
      /** What people may do is decided by the cloud's IAM too. */
      cloudAuthorization: z.boolean().optional(),
      /** Roles can be bound to groups of the directory. */
      directoryGroups: z.boolean().optional(),
      /** The control plane signs in to the cloud without a stored secret. */
      managedIdentity: z.boolean().optional(),
      /** AKS: the retired add-on that hands identities to pods by their labels. */
      podIdentityAddon: z.boolean().optional(),
      /** EKS: principals of access entries; those that administer the whole cluster. */
      entries: z.array(z.string()).optional(),
      administrators: z.array(z.string()).optional(),
      /** Bindings for everybody, signed in or not, are accepted. */
      bindingsForEveryone: z.boolean().optional(),
    })
    .default({}),
  network: z
    .object({
      plugin: z.string().optional(),
      /** The engine that enforces NetworkPolicy; "none" when the cloud says there is none. */
      policyEngine: z.string().optional(),
      /** How pods' traffic leaves: `loadBalancer`, `userDefinedRouting`, `none` … */
      outbound: z.string().optional(),
      /** Pods have addresses that the cloud's network knows. */
      nativeAddresses: z.boolean().optional(),
      /** Traffic between pods of one node passes the cloud's network, where it is logged and filtered. */
      intranodeVisibility: z.boolean().optional(),
      /** Traffic between nodes is encrypted. */
      nodeEncryption: z.boolean().optional(),
      /** Services may claim any external address. */
      externalIps: z.boolean().optional(),
      /** AKS: the ingress add-on that was never meant for production. */
      httpApplicationRouting: z.boolean().optional(),
    })
    .default({}),
  logging: z
    .object({
      audit: z.boolean().optional(),
      api: z.boolean().optional(),
      authenticator: z.boolean().optional(),
      controllerManager: z.boolean().optional(),
      scheduler: z.boolean().optional(),
      /** The audit log holds requests that only read, too. */
      auditReads: z.boolean().optional(),
      /** Output of containers; of the cluster's own components; metrics. */
      workloads: z.boolean().optional(),
      system: z.boolean().optional(),
      metrics: z.boolean().optional(),
    })
    .default({}),
  encryption: z
    .object({
      /** Secrets are envelope-encrypted in etcd with a key of the customer's. */
      secretsCustomerKey: z.boolean().optional(),
      /** Encrypting with that key works. */
      keyWorks: z.boolean().optional(),
      /** The vault that holds the key takes connections from any network. */
      vaultPublic: z.boolean().optional(),
    })
    .default({}),
  upgrade: z
    .object({
      channel: z.string().optional(),
      /** The cluster follows a channel of the cloud, or the cloud upgrades it unasked; of nodes `autoUpgrade` tells. */
      automatic: z.boolean().optional(),
      /** AKS: how the operating system of nodes is updated: `none`, `unmanaged`, `securitypatch`, `nodeimage`. */
      nodeChannel: z.string().optional(),
      maintenanceWindow: z.boolean().optional(),
      /** A version stays beyond the end of its ordinary support. */
      extendedSupport: z.boolean().optional(),
    })
    .default({}),
  security: z
    .object({
      /** The cloud watches the cluster; false: its sensor is off. Never false of EKS and GKE, which can be watched without a trace in their answers. */
      threatDetection: z.boolean().optional(),
      policyAddon: z.boolean().optional(),
      binaryAuthorization: z.boolean().optional(),
      dashboardAddon: z.boolean().optional(),
      imageCleaner: z.boolean().optional(),
      /** Secrets come from the cloud's store; and follow it when they are renewed there. */
      secretStore: z.boolean().optional(),
      secretRotation: z.boolean().optional(),
      /** The cloud looks for misconfiguration of workloads. */
      postureScanning: z.boolean().optional(),
      shieldedNodes: z.boolean().optional(),
      alphaFeatures: z.boolean().optional(),
      deletionProtection: z.boolean().optional(),
      /** People can't change the machines and disks behind the cluster. */
      nodeResourcesLocked: z.boolean().optional(),
    })
    .default({}),
  availability: z
    .object({
      /** The cloud vouches for the API server's uptime. */
      sla: z.boolean().optional(),
      /** The control plane outlives the loss of a zone. */
      manyZones: z.boolean().optional(),
    })
    .optional(),
  /** Arc: the agents through which a connected cluster is known. */
  agent: z
    .object({
      connected: z.boolean().optional(),
      lastSeenAt: z.string().optional(),
      version: z.string().optional(),
      /** The cloud keeps the agents up to date by itself. */
      automaticUpgrade: z.boolean().optional(),
      /** The agents reach the cloud over a private link only. */
      privateLink: z.boolean().optional(),
      /** When the certificate ends that the agents sign in with. */
      certificateEndsAt: z.string().optional(),
    })
    .optional(),
  /** Arc: what a connected cluster is underneath, as its agents found it: `k3s` on `generic`. */
  platform: z.object({ distribution: z.string().optional(), infrastructure: z.string().optional() }).optional(),
  /** Codes of what the cloud says is wrong with the cluster. */
  issues: z.array(z.string()).optional(),
  addons: z
    .array(z.object({ name: z.string(), version: z.string().optional(), status: z.string().optional() }))
    .optional(),
  nodePools: z.array(nodePoolSchema).optional(),
};

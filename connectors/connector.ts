import type { z } from "zod";
import type {
  Distribution,
  Gap,
  KubernetesObject,
  ListedKind,
  ManagedCluster,
  Provider,
} from "@/domain/inventory/schema";

/** One cloud action that a connector uses, with the reason a customer is asked for it. */
export interface Permission {
  /** As the cloud spells it: `eks:ListClusters`, `Microsoft.ContainerService/managedClusters/read`, `container.clusters.list`. */
  action: string;
  reason: string;
  optional?: boolean;
  /** No read, but an action that hands out a credential, by which Seawall signs in. It changes nothing. */
  handsOut?: boolean;
}

/** How to reach one cluster's Kubernetes API. `token` is minted anew for each scan and lives for minutes. */
export interface KubernetesAccess {
  server: string;
  /** PEM. */
  caCertificate: string;
  tlsServerName?: string;
  token: () => Promise<string>;
}

export interface DiscoveredCluster {
  distribution: Distribution;
  name: string;
  /** The provider's ids for it, most specific first: an ARM id, an ARN, a GKE self link. Lower case for ARM. */
  aliases: string[];
  managed: ManagedCluster;
  /** What could not be read about this one cluster (node pools, add-ons …). Their facts are absent from `managed`. */
  gaps: Gap[];
}

/** A cluster of the account that an earlier discovery saw. */
export type KnownCluster = Pick<DiscoveredCluster, "name" | "aliases">;

/** `complete: false` means that clusters may exist which were not seen. */
export interface Discovery {
  clusters: DiscoveredCluster[];
  complete: boolean;
  gaps: Gap[];
  /** Aliases of the known clusters that the cloud, asked for each, does not have any more. No other may be called gone. */
  gone: string[];
}

/** One step of a connection test, in the order a person would repair them. */
export interface ConnectionCheck {
  name: string;
  outcome: "ok" | "failed" | "not_tested";
  message: string;
  /** Says something of single clusters only: the account's way to its cloud works whatever comes of this step. */
  about?: "cluster";
  /** Of the one cluster whose API was tried. */
  aliases?: readonly string[];
}

/** What every connector gets besides the account's own settings. */
export interface ConnectorContext {
  signal: AbortSignal;
  log: (message: string, fields?: Record<string, unknown>) => void;
  /** Whether private and loopback addresses may be reached: an operator's setting, never the account's. */
  allowPrivateNetworks: boolean;
}

/**
 * One distribution's connector. `Settings` is what a person enters (parsed by `schema`); `Secrets` maps the names in
 * `secretFields` to their decrypted values. Errors: every method rejects with `ConnectorError` only.
 */
export interface Connector<Settings = unknown> {
  distribution: Distribution;
  provider: Provider;
  schema: z.ZodType<Settings>;
  secretFields: readonly string[];
  permissions: readonly Permission[];
  /** `known`: those not gone so far. Without them nothing is asked by name, and nothing is gone. */
  discover(
    settings: Settings,
    secrets: Readonly<Record<string, string>>,
    context: ConnectorContext,
    known?: readonly KnownCluster[],
  ): Promise<Discovery>;
  /** Mints access to one discovered cluster. */
  access(
    settings: Settings,
    secrets: Readonly<Record<string, string>>,
    cluster: Pick<DiscoveredCluster, "name" | "aliases" | "managed">,
    context: ConnectorContext,
  ): Promise<KubernetesAccess>;
  test(
    settings: Settings,
    secrets: Readonly<Record<string, string>>,
    context: ConnectorContext,
  ): Promise<ConnectionCheck[]>;
}

/** A failure that a person can act on. `retryAfterMs` carries the server's own wish, and so does the gap. */
export class ConnectorError extends Error {
  override name = "ConnectorError";
  readonly gap: Gap;
  constructor(
    gap: Gap,
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(gap.message, options);
    this.gap = retryAfterMs === undefined ? gap : { ...gap, retryAfterMs: Math.ceil(retryAfterMs) };
  }
}

/** What a caller knows of a kind that it lists again. */
export interface KnownObjects {
  /** Whether an object with this metadata is unchanged: it may come with its metadata only. */
  is(metadata: KubernetesObject["metadata"]): boolean;
  /** Whether so many are expected to be unchanged that their metadata are asked for first. */
  most: boolean;
}

/** Settings of kubelets by the name of their node, or why one could not be read. */
export type KubeletSettings = ReadonlyMap<string, Readonly<Record<string, unknown>> | Gap>;

/** Reads one cluster's API. */
export interface KubernetesReader {
  /** Server version, e.g. `v1.33.1`. */
  version(): Promise<string>;
  /** UID of the `kube-system` namespace: the identity of the cluster. */
  clusterUid(): Promise<string>;
  /**
   * All pages of one kind, the next fetched while the caller handles this one. The generator returns `complete: true` only when
   * every page of one consistent list was read. Rejects with ConnectorError. Objects that `known` says yes to may come with
   * their metadata only: the caller knows the rest by their resourceVersion.
   */
  list(kind: ListedKind, known?: KnownObjects): AsyncGenerator<KubernetesObject[], { complete: boolean; gaps: Gap[] }>;
  /** Settings of the kubelets of these nodes; null where the identity was not given the right to ask (docs/decisions/0012-configz.md). */
  kubelets?(nodes: readonly string[]): Promise<KubeletSettings | null>;
  /**
   * All ConfigMaps, each put through `reduce` as it is read, so that no value goes further; null where the identity was not given the
   * right to judge them (docs/decisions/0016-config-maps.md). Otherwise as `list`.
   */
  configMaps?(
    reduce: (configMap: KubernetesObject) => KubernetesObject,
  ): Promise<ReturnType<KubernetesReader["list"]> | null>;
  close(): Promise<void>;
}

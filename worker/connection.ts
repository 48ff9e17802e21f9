import { type Connector, type ConnectorContext, ConnectorError } from "@/connectors/connector";
import type { ReaderOptions } from "@/connectors/kubernetes/client";
import { kubernetesLimitsSchema } from "@/connectors/limits";
import { connectors } from "@/connectors/registry";
import type { StoredAccount } from "@/domain/accounts/store";
import type { Distribution, Gap } from "@/domain/inventory/schema";
import { open } from "@/lib/crypto";
import { env } from "@/lib/env";
import { logFor, reasonOf } from "@/lib/log";
import type { World } from "./world";

const log = logFor("connector");

/** One distribution's connector with the settings and opened secrets of one account. */
export interface Connection {
  connector: Connector;
  settings: unknown;
  secrets: Readonly<Record<string, string>>;
}

/** The connectors of an account: AKS and Arc for an Azure subscription, one for the others. Throws ConnectorError when its settings do not parse. */
export function connectionsOf(world: World, account: StoredAccount): Connection[] {
  const all: Record<Distribution, Connector> = connectors;
  return Object.values(all)
    .filter((connector) => connector.provider === account.provider)
    .map((connector) => {
      const parsed = connector.schema.safeParse(account.settings);
      if (!parsed.success) {
        throw new ConnectorError({
          code: "error",
          what: "settings",
          message: `The settings of ${account.name} cannot be used: ${parsed.error.issues[0]?.message ?? "unknown"}. Edit the account.`,
        });
      }
      const secrets = Object.fromEntries(
        account.sealed.map(({ field, sealed }) => [field, open(sealed, { accountId: account.id, field }, world.ring)]),
      );
      return { connector, settings: parsed.data, secrets };
    });
}

/** The context a connector runs in: the operator's network setting, and a log that never sees a secret. */
export const connectorContext = (signal: AbortSignal): ConnectorContext => ({
  signal,
  log: (message, fields) => log.info(message, fields),
  allowPrivateNetworks: env().SEAWALL_ALLOW_PRIVATE_NETWORKS,
});

/**
 * How the Kubernetes API of a connection's clusters is read: time-out, retries and the longest wait are settings of the account.
 * `patience` takes their place where a test of the worker needs shorter ones.
 */
export function readerOptions(
  { settings }: Pick<Connection, "settings">,
  signal: AbortSignal,
  patience: World["patience"] = {},
): ReaderOptions {
  const limits = kubernetesLimitsSchema.parse(settings);
  return {
    timeoutMs: limits.kubernetesTimeoutMs,
    retryLimit: limits.kubernetesMaxAttempts - 1,
    maxRetryWaitMs: limits.kubernetesMaxRetryWaitMs,
    ...patience,
    allowPrivateNetworks: env().SEAWALL_ALLOW_PRIVATE_NETWORKS,
    signal,
  };
}

/** Anything thrown, as a gap that a person can act on. */
export function gapOf(error: unknown, what: string): Gap {
  if (error instanceof ConnectorError) return error.gap;
  return { code: "error", what, message: `${reasonOf(error)}. If this stays, look at the worker's log.` };
}

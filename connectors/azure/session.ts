import type { ConnectorContext } from "@/connectors/connector";
import { assertAllowedUrl } from "@/lib/outbound";
import { type AzureCredential, azureCredential } from "./credential";
import { armFailure, toConnectorError } from "./error";
import type { AzureSettings } from "./schema";
import { createTransport, type Transport } from "./transport";

/** A signed-in way to one subscription's ARM. */
export interface AzureSession {
  credential: AzureCredential;
  transport: Transport;
  /** Scope of ARM tokens. */
  scope: string;
}

/**
 * Opens a session, runs, and closes it. The first thing is a token: without one nothing can be read, and the error says why.
 * Errors: ConnectorError.
 */
export async function withSession<T>(
  settings: AzureSettings,
  secrets: Readonly<Record<string, string>>,
  context: ConnectorContext,
  run: (session: AzureSession) => Promise<T>,
): Promise<T> {
  await assertAllowedUrl(settings.armEndpoint, { allowPrivate: context.allowPrivateNetworks }).catch(
    (error: unknown) => {
      throw toConnectorError(error, { what: "Azure Resource Manager" });
    },
  );
  const credential = await azureCredential(settings, secrets, context);
  const transport = createTransport({
    ...settings,
    origin: settings.armEndpoint,
    allowPrivateNetworks: context.allowPrivateNetworks,
    signal: context.signal,
    refusal: armFailure,
  });
  const scope = `${settings.armAudience}/.default`;
  try {
    await credential.getToken(scope);
    return await run({ credential, transport, scope });
  } finally {
    await Promise.all([credential.close(), transport.close()]);
  }
}

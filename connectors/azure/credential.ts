import { open } from "node:fs/promises";
import type { AccessToken, TokenCredential } from "@azure/core-auth";
import { ClientAssertionCredential, ClientSecretCredential } from "@azure/identity";
import { type ConnectorContext, ConnectorError } from "@/connectors/connector";
import { identityRefusal, mayReceiveIdentity } from "@/connectors/operator-identity";
import { assertAllowedUrl } from "@/lib/outbound";
import { CallFailure, entraFailure, toConnectorError } from "./error";
import type { AzureSettings } from "./schema";
import { createTransport } from "./transport";

/** Audience of the tokens that AKS accepts from Entra ID: the AKS server application, the same in every cloud. */
export const AKS_AUDIENCE = "6dae42f8-4368-4678-94ff-3960e28e3630";

/** The name Azure's own workload identity webhook gives the setting. Only the operator's environment holds it. */
const TOKEN_FILE = "AZURE_FEDERATED_TOKEN_FILE";
const MAX_TOKEN_BYTES = 32 * 1024;
/** Entra ID of the public cloud, of the US government's and of China's. */
const AUTHORITIES = ["login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"];

/** Signs in to Entra ID. Errors of `getToken`: ConnectorError. Close it when done. */
export interface AzureCredential extends TokenCredential {
  getToken(scopes: string | string[]): Promise<AccessToken>;
  close(): Promise<void>;
}

async function federatedToken(): Promise<string> {
  const path = process.env[TOKEN_FILE];
  if (!path) {
    throw new CallFailure(
      "unauthenticated",
      `This worker has no workload identity: ${TOKEN_FILE} is not set. Set it, or use a client secret.`,
    );
  }
  try {
    const file = await open(path, "r");
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_TOKEN_BYTES), 0, MAX_TOKEN_BYTES, 0);
      return buffer.toString("utf8", 0, bytesRead).trim();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new CallFailure("unauthenticated", `The file that ${TOKEN_FILE} names could not be read.`, undefined, {
      cause,
    });
  }
}

/** A credential for the account. Errors: ConnectorError when the authority may not be reached from here. */
export async function azureCredential(
  settings: AzureSettings,
  secrets: Readonly<Record<string, string>>,
  context: ConnectorContext,
): Promise<AzureCredential> {
  const operation = { what: "Entra ID sign-in" };
  const { tenantId, clientId, authorityHost } = settings;
  if (settings.credential === "federated") {
    const allowed = mayReceiveIdentity(authorityHost, (host) => AUTHORITIES.includes(host), settings);
    if (!allowed)
      throw new ConnectorError({ code: "unsupported", ...operation, message: identityRefusal(authorityHost) });
  }
  await assertAllowedUrl(authorityHost, { allowPrivate: context.allowPrivateNetworks }).catch((error: unknown) => {
    throw toConnectorError(error, operation);
  });
  const transport = createTransport({
    ...settings,
    origin: authorityHost,
    allowPrivateNetworks: context.allowPrivateNetworks,
    signal: context.signal,
    refusal: entraFailure,
  });
  // Instance discovery would ask the public cloud whether this authority exists: the settings already say so.
  const options = {
    authorityHost,
    disableInstanceDiscovery: true,
    httpClient: transport,
    retryOptions: { maxRetries: 0 },
  };
  let assertion: CallFailure | undefined;
  const readAssertion = () =>
    federatedToken().catch((error: unknown) => {
      if (error instanceof CallFailure) assertion = error;
      throw error;
    });
  const secret = Object.hasOwn(secrets, "clientSecret") ? secrets.clientSecret : undefined;
  const inner = () => {
    if (settings.credential === "federated")
      return new ClientAssertionCredential(tenantId, clientId, readAssertion, options);
    if (!secret) throw new CallFailure("unauthenticated", "The account has no client secret. Enter one.");
    return new ClientSecretCredential(tenantId, clientId, secret, options);
  };
  let credential: ReturnType<typeof inner> | undefined;
  return {
    async getToken(scopes) {
      try {
        credential ??= inner();
        const token = await credential.getToken(scopes);
        if (!token) throw new CallFailure("malformed", "Entra ID answered without a token.");
        return token;
      } catch (error) {
        // MSAL hides the status and the cause of every failure; the transport has seen them.
        throw toConnectorError(transport.failure() ?? assertion ?? error, operation);
      }
    },
    close: () => transport.close(),
  };
}

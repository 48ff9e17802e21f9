import { ClusterManagerClient, type protos } from "@google-cloud/container";
import { GoogleAuth } from "google-auth-library";
import { type CallOptions, type ClientOptions, grpc } from "google-gax";
import { guardedAgent } from "@/lib/outbound";
import { type ConnectorContext, ConnectorError } from "../connector";
import { tried } from "../gcp/call";
import { accessTokens, outboundPolicy } from "../gcp/credential";
import { apiHostOf, pinnedAddress } from "../gcp/endpoints";
import { failure, toConnectorError } from "../gcp/error";
import { RestAuth } from "../gcp/rest-auth";
import type { GkeSettings } from "./schema";

export type GkeCluster = protos.google.container.v1.ICluster;
export const LIST = "container.clusters.list";
export const GET = "container.clusters.get";

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** The calls this connector makes to GKE. All reject with ConnectorError. */
export interface GkeClient {
  /** All clusters of all locations of the project in one answer (the API has no pages), and the zones that were not reached. */
  listClusters(): Promise<{ clusters: GkeCluster[]; missingZones: string[] }>;
  /** `name`: `projects/P/locations/L/clusters/C`. */
  getCluster(name: string): Promise<GkeCluster>;
  close(): Promise<void>;
}

type Cancellable<T> = Promise<T> & { cancel?: () => void };

interface Transport {
  options: ClientOptions;
  /** The `Retry-After` of the last answer, where the transport has one. */
  retryAfterMs(): number | undefined;
  close(): Promise<void>;
}

function restTransport(settings: GkeSettings, context: ConnectorContext, token: () => Promise<string>): Transport {
  const dispatcher = guardedAgent(outboundPolicy(settings, context));
  const { universeDomain, requestTimeoutMs } = settings;
  const authClient = new RestAuth({ universeDomain, token, dispatcher, requestTimeoutMs });
  return {
    options: { fallback: true, auth: new GoogleAuth({ authClient }), apiEndpoint: apiHostOf(settings) },
    retryAfterMs: () => authClient.retryAfterMs,
    close: () => dispatcher.destroy(),
  };
}

/** gRPC resolves names on its own, so it is given the address that was checked, and the name for certificate and authority. */
async function grpcTransport(
  settings: GkeSettings,
  context: ConnectorContext,
  token: () => Promise<string>,
): Promise<Transport> {
  const host = apiHostOf(settings);
  const address = await pinnedAddress(`https://${host}:${settings.port}`, context.allowPrivateNetworks, LIST);
  const perCall = grpc.credentials.createFromMetadataGenerator((_, done) => {
    token().then(
      (value) => {
        const metadata = new grpc.Metadata();
        metadata.set("authorization", `Bearer ${value}`);
        done(null, metadata);
      },
      (error: Error) => done(error),
    );
  });
  const ssl = grpc.credentials.createSsl(settings.caBundle === undefined ? null : Buffer.from(settings.caBundle));
  const dispatcher = guardedAgent(outboundPolicy(settings, context));
  // Never used for a call; with it the client asks no metadata server and no files for an identity.
  const authClient = new RestAuth({
    universeDomain: settings.universeDomain,
    token,
    dispatcher,
    requestTimeoutMs: settings.requestTimeoutMs,
  });
  return {
    options: {
      fallback: false,
      auth: new GoogleAuth({ authClient }),
      apiEndpoint: address.includes(":") ? `[${address}]` : address,
      sslCreds: grpc.credentials.combineChannelCredentials(ssl, perCall),
      "grpc.max_receive_message_length": MAX_ANSWER_BYTES,
      "grpc.enable_retries": 0,
      "grpc.enable_http_proxy": 0,
      "grpc.service_config_disable_resolution": 1,
      ...(address === host ? {} : { "grpc.ssl_target_name_override": host, "grpc.default_authority": host }),
    },
    retryAfterMs: () => undefined,
    close: () => dispatcher.destroy(),
  };
}

/**
 * Opens a client for one project. `initialize` comes first: where it fails, the client would also raise an unhandled
 * rejection on its first call and end the process. Rejects with ConnectorError. Close it when done.
 */
export async function openClient(
  settings: GkeSettings,
  secrets: Readonly<Record<string, string>>,
  context: ConnectorContext,
): Promise<GkeClient> {
  const token = accessTokens(settings, secrets, context);
  // A failing sign-in has its own name here; inside a call it would look like a failing call.
  await token();
  const transport =
    settings.transport === "rest"
      ? restTransport(settings, context, token)
      : await grpcTransport(settings, context, token);
  const { universeDomain, port } = settings;
  const client = new ClusterManagerClient({ ...transport.options, universeDomain, port });
  const close = async () => {
    await client.close().catch((error: unknown) => context.log("gke client did not close", { error: String(error) }));
    await transport.close();
  };
  try {
    await client.initialize();
  } catch (error) {
    await transport.close();
    throw toConnectorError(error, LIST);
  }

  const call = <T>(permission: string, start: (options: CallOptions) => Cancellable<[T, ...unknown[]]>): Promise<T> =>
    tried(permission, permission, settings, context.signal, async (signal) => {
      const running = start({ retry: null, timeout: settings.requestTimeoutMs });
      const cancel = () => running.cancel?.();
      signal.addEventListener("abort", cancel, { once: true });
      try {
        return (await running)[0];
      } catch (cause) {
        const error = toConnectorError(cause, permission, permission);
        const wish = error.retryAfterMs ?? transport.retryAfterMs();
        throw wish === undefined ? error : new ConnectorError(error.gap, wish, { cause });
      } finally {
        signal.removeEventListener("abort", cancel);
      }
    });

  return {
    async listClusters() {
      const parent = `projects/${settings.projectId}/locations/-`;
      const answer = await call(LIST, (options) => client.listClusters({ parent }, options));
      return { clusters: answer.clusters ?? [], missingZones: answer.missingZones ?? [] };
    },
    async getCluster(name) {
      const cluster = await call(GET, (options) => client.getCluster({ name }, options));
      // The decoder lets some broken messages pass, with empty or odd fields.
      if (cluster.name === name.split("/").at(-1)) return cluster;
      throw failure(GET, "malformed", "The answer is not the cluster that was asked for.");
    },
    close,
  };
}

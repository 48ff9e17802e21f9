import { createSecureServer } from "node:http2";
import { createServer, type Server } from "node:https";
import type { Socket } from "node:net";
import type { SimAccount, SimCore, SimWire, StartWire } from "../model";
import { authorizer } from "./authorizer";
import { clusterManager } from "./cluster-manager";
import { grpcHandler } from "./grpc";
import type { WireOptions } from "./operations";
import { restHandler } from "./rest";
import { stsHandler } from "./sts";
import { audienceOf, serviceAccountOf, subjectToken, tokenBook, uniqueIdOf } from "./token-book";

export interface GcpOptions extends WireOptions {
  /** What a throttled client is asked to wait. Default 2. */
  retryAfterSeconds?: number;
}

/** Ends a server with all its connections: hanging faults would keep it open for ever. */
function stopper(server: Server | ReturnType<typeof createSecureServer>): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on("secureConnection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A client that breaks off is no news here; without a listener it would end the process.
    socket.on("error", () => socket.destroy());
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
}

/** Starts the GCP wire: token exchange and impersonation, GKE over REST and over gRPC, each on its own TLS listener. */
export async function startGcp(core: SimCore, options: GcpOptions = {}): Promise<SimWire> {
  const seconds = options.retryAfterSeconds ?? 2;
  const tokens = tokenBook();
  const service = clusterManager(core, tokens, options);
  const tls = { key: core.tls.key, cert: core.tls.cert };
  const answerSts = stsHandler(core, tokens, seconds);
  const sts = createServer(tls, (req, res) => void answerSts(req, res));
  const rest = createServer(tls, restHandler(service, seconds));
  const grpc = createSecureServer(tls).on("stream", grpcHandler(service, seconds));
  const stops = [sts, rest, grpc].map(stopper);
  const port = {
    sts: await core.listen(sts, "gcp-sts"),
    rest: await core.listen(rest, "gcp-rest"),
    grpc: await core.listen(grpc, "gcp-grpc"),
  };
  const url = (name: keyof typeof port) => `https://127.0.0.1:${port[name]}`;

  core.registerTokenVerifier("gke", async (token, cluster) => {
    const principal = tokens.find(token);
    if (principal?.kind !== "service-account" || principal.projectId !== cluster.accountId) return null;
    return principal.revealed === true ? principal.name : uniqueIdOf(core, principal.projectId);
  });
  if (options.grants !== undefined) core.registerAuthorizer("gke", authorizer(options.grants));

  return {
    endpoints: { sts: url("sts"), rest: url("rest"), grpc: url("grpc") },
    connection: (account: SimAccount) => ({
      settings: {
        projectId: account.id,
        audience: audienceOf(core, account),
        serviceAccountEmail: serviceAccountOf(account),
        tokenUrl: `${url("sts")}/v1/token`,
        impersonationUrl: url("sts"),
        transport: "grpc",
        // A name, as a real endpoint has one: TLS knows no server name that is an address.
        apiEndpoint: "localhost",
        port: port.grpc,
        caBundle: core.tls.ca,
      },
      secrets: { subjectToken: subjectToken(core, account) },
    }),
    stop: async () => {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}

export const start: StartWire = (core) => startGcp(core);

import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { SimAccount, SimConnection, SimCore, SimWire } from "../model";
import { armError, type Call, reply, send } from "./answer";
import { routeArm } from "./arm";
import { type Entra, federationIssuer, routeEntra } from "./entra";
import { localAudience } from "./kubeconfig";
import { AKS_SERVER_APP, createSigner, FEDERATION_AUDIENCE, FEDERATION_SUBJECT, type Signer } from "./tokens";

/** Audience of ARM tokens in the public cloud; the simulated one keeps it. */
const ARM_AUDIENCE = "https://management.azure.com";
const BODY_LIMIT = 64 * 1024;

/** The Azure wire: the contract's, and a workload identity token for the federated kind of sign-in. */
export interface AzureWire extends SimWire {
  connection(account: SimAccount): SimConnection;
  /** A token as a cluster projects it into the worker's pod; valid for an hour. */
  federatedToken(): string;
}

async function readCall(req: IncomingMessage): Promise<Call | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req) {
    size += chunk.length;
    if (size > BODY_LIMIT) return null;
    chunks.push(chunk);
  }
  const base = `https://${req.headers.host ?? "localhost"}`;
  const url = new URL(req.url ?? "/", base);
  return { method: req.method ?? "GET", url, base, headers: req.headers, body: Buffer.concat(chunks).toString("utf8") };
}

/** AKS accepts Entra tokens of its server application, or, without Entra integration, the token of its own kubeconfig. */
function verifyAksTokens(core: SimCore, signer: Signer): void {
  core.registerTokenVerifier("aks", async (token, cluster) => {
    const claims = signer.read(token);
    if (claims === null) return null;
    if (!cluster.controlPlane.cloudDirectory) return claims.aud === localAudience(cluster) ? String(claims.sub) : null;
    const account = core.accounts().find((candidate) => candidate.id === cluster.accountId);
    const known =
      claims.aud === AKS_SERVER_APP && claims.tid === account?.tenantId && claims.appid === account?.clientId;
    return known ? String(claims.appid) : null;
  });
}

function connectionOf(core: SimCore, base: string, account: SimAccount): SimConnection {
  const arc = core
    .clusters()
    .filter((c) => (c.distribution === "arc" && c.accountId === account.id) || c.alsoArcIn === account.id);
  return {
    settings: {
      subscriptionId: account.id,
      tenantId: account.tenantId,
      clientId: account.clientId,
      credential: "secret",
      authorityHost: base,
      armEndpoint: base,
      armAudience: ARM_AUDIENCE,
      caBundle: core.tls.ca,
      arc: arc.map((c) => ({ name: c.id, server: c.server, caCertificate: c.caCertificate })),
    },
    secrets: {
      clientSecret: account.clientSecret ?? "",
      ...Object.fromEntries(arc.map((c) => [`arcToken:${c.id}`, core.serviceAccountToken(c)])),
    },
  };
}

/** Starts Entra ID and ARM on one HTTPS listener and registers the AKS token verifier. Errors: when it cannot listen. */
export async function start(core: SimCore): Promise<AzureWire> {
  const signer = createSigner();
  const entra: Entra = { core, signer, federation: createSigner(), armAudience: ARM_AUDIENCE };
  const arm = { core, signer, audience: ARM_AUDIENCE };
  verifyAksTokens(core, signer);

  const handle = async (req: IncomingMessage, res: ServerResponse) => {
    const call = await readCall(req);
    if (call === null) return send(res, armError(413, "RequestEntityTooLarge", "The request is too large."));
    await reply(core, routeEntra(entra, call) ?? routeArm(arm, call), req, res);
  };
  const server = createServer({ key: core.tls.key, cert: core.tls.cert }, (req, res) => {
    handle(req, res).catch((error: unknown) => {
      // A mistake of the simulator must fail loudly, and not look like a fault of the cloud.
      const message = `simulator: ${error instanceof Error ? error.message : String(error)}`;
      core.log({ service: "arm", action: "simulator-error", target: message, principal: "simulator", status: 501 });
      if (!res.headersSent) send(res, armError(501, "SimulatorError", message));
      else res.destroy();
    });
  });
  const base = `https://127.0.0.1:${await core.listen(server, "azure")}`;
  return {
    endpoints: { arm: base, entra: base },
    connection: (account) => connectionOf(core, base, account),
    federatedToken() {
      const now = Math.floor(Date.now() / 1000);
      const identity = { iss: federationIssuer(base), sub: FEDERATION_SUBJECT, aud: FEDERATION_AUDIENCE };
      return entra.federation.mint({ ...identity, iat: now, nbf: now, exp: now + 3600 });
    },
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { type KubernetesObject, LISTED_KINDS, type ListedKind } from "@/domain/inventory/schema";
import { caCertificate, serverCertificate, serverKey } from "@/lib/testing/tls";
import { ConnectorError, type KnownObjects, type KubernetesAccess, type KubernetesReader } from "../../connector";
import type { ReaderOptions } from "../client";
import { openReader } from "../reader";

export type Answer = (request: IncomingMessage, response: ServerResponse, token: string) => void;

export function kindNamed(name: string): ListedKind {
  const kind = LISTED_KINDS.find((entry) => entry.kind === name);
  if (!kind) throw new Error(`no kind ${name}`);
  return kind;
}
export const pods = kindNamed("Pod");

export const pod = (name: string, extra: object = {}) => ({
  metadata: {
    name,
    namespace: "shop",
    uid: `uid-${name}`,
    resourceVersion: "1",
    managedFields: [{ manager: "kubectl" }],
    ...extra,
  },
  spec: { containers: [] },
});
export const podList = (items: unknown[], next = "", resourceVersion = "77"): string =>
  JSON.stringify({ kind: "PodList", apiVersion: "v1", metadata: { resourceVersion, continue: next }, items });

/** Three pages: ab, c, d. */
export const page: Answer = (_, response, token) => {
  if (token === "") response.end(podList([pod("a"), pod("b")], "t1"));
  else response.end(token === "t1" ? podList([pod("c")], "t2") : podList([pod("d")]));
};

export const status = (code: number, headers: Record<string, string> = {}): Answer => {
  const body = JSON.stringify({ kind: "Status", status: "Failure", message: `status ${code}`, code });
  return (_, response) => response.writeHead(code, headers).end(body);
};

/** An API server that gives `answers` in order; the last stays. Records what it was asked. */
export class FixtureServer {
  answers: Answer[] = [page];
  requests: { url: string; authorization: string | undefined; encoding: string; accept: string }[] = [];
  private readonly opened: KubernetesReader[] = [];
  private minted = 0;
  private readonly server = createServer({ key: serverKey, cert: serverCertificate }, (request, response) => {
    const { authorization, "accept-encoding": encoding, accept = "" } = request.headers;
    this.requests.push({ url: request.url ?? "", authorization, encoding: String(encoding), accept });
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    answer?.(request, response, new URL(request.url ?? "", "https://x").searchParams.get("continue") ?? "");
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }
  async stop(): Promise<void> {
    await Promise.all(this.opened.map((reader) => reader.close()));
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
  access(ca = caCertificate): KubernetesAccess {
    const { port } = this.server.address() as AddressInfo;
    return {
      server: `https://localhost:${port}/`,
      caCertificate: ca,
      token: async () => {
        this.minted += 1;
        return `token-${this.minted}`;
      },
    };
  }
  reader(options: Partial<ReaderOptions> = {}, ca = caCertificate): KubernetesReader {
    const opened = openReader(this.access(ca), { ...fixtureOptions(), ...options });
    this.opened.push(opened);
    return opened;
  }
}

export const fixtureOptions = (): ReaderOptions => ({
  allowPrivateNetworks: true,
  signal: new AbortController().signal,
  timeoutMs: 20_000,
});

/** Everything a list gives, its rejection included. */
export async function readAll(opened: KubernetesReader, kind = pods, known?: KnownObjects) {
  const objects: KubernetesObject[] = [];
  const list = opened.list(kind, known);
  try {
    for (;;) {
      const step = await list.next();
      if (step.done) return { objects, ...step.value };
      objects.push(...step.value);
    }
  } catch (error) {
    if (error instanceof ConnectorError) return { objects, complete: false, gaps: [error.gap], error };
    throw error;
  }
}
export const names = (objects: KubernetesObject[]): string => objects.map((object) => object.metadata.name).join("");

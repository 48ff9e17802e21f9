import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type KubernetesObject, LISTED_KINDS, type ListedKind } from "@/domain/inventory/schema";
import { caCertificate, otherCaCertificate, serverCertificate, serverKey } from "@/lib/testing/tls";
import { ConnectorError, type KubernetesReader } from "../connector";
import type { ReaderOptions } from "./client";
import { openReader } from "./reader";

type Answer = (request: IncomingMessage, response: ServerResponse, token: string) => void;
const kindNamed = (name: string): ListedKind => {
  const kind = LISTED_KINDS.find((entry) => entry.kind === name);
  if (!kind) throw new Error(`no kind ${name}`);
  return kind;
};
const pods = kindNamed("Pod");
const pod = (name: string, extra: object = {}) => ({
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
const podList = (items: unknown[], next = "", resourceVersion = "77") =>
  JSON.stringify({ kind: "PodList", apiVersion: "v1", metadata: { resourceVersion, continue: next }, items });
const page: Answer = (_, response, token) =>
  response.end(
    token === ""
      ? podList([pod("a"), pod("b")], "t1")
      : token === "t1"
        ? podList([pod("c")], "t2")
        : podList([pod("d")]),
  );
const status = (code: number, headers: Record<string, string> = {}): Answer => {
  const body = JSON.stringify({ kind: "Status", status: "Failure", message: `status ${code}`, code });
  return (_, response) => response.writeHead(code, headers).end(body);
};

let port: number;
let close: () => Promise<void>;
/** The answers still to give, in order; the last stays. */
let answers: Answer[];
let requests: { url: string; authorization: string | undefined; encoding: string }[];
const readers: KubernetesReader[] = [];

beforeEach(async () => {
  requests = [];
  answers = [page];
  const server = createServer({ key: serverKey, cert: serverCertificate }, (request, response) => {
    const { authorization, "accept-encoding": encoding } = request.headers;
    requests.push({ url: request.url ?? "", authorization, encoding: String(encoding) });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(request, response, new URL(request.url ?? "", "https://x").searchParams.get("continue") ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
  close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
});
afterEach(async () => {
  await Promise.all(readers.splice(0).map((reader) => reader.close()));
  await close();
});

let minted = 0;
function reader(options: Partial<ReaderOptions> = {}, ca = caCertificate): KubernetesReader {
  minted = 0;
  const token = async () => `token-${++minted}`;
  const access = { server: `https://localhost:${port}/`, caCertificate: ca, token };
  const opened = openReader(access, {
    allowPrivateNetworks: true,
    signal: new AbortController().signal,
    timeoutMs: 2000,
    ...options,
  });
  readers.push(opened);
  return opened;
}

async function readAll(opened: KubernetesReader, kind = pods) {
  const objects: KubernetesObject[] = [];
  const list = opened.list(kind);
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
const names = (objects: KubernetesObject[]) => objects.map((object) => object.metadata.name).join("");

describe("a list", () => {
  it("reads all pages, stamps kind, drops managedFields", async () => {
    const { objects, complete, gaps } = await readAll(reader({ pageSize: 2 }));
    expect({ names: names(objects), complete, gaps }).toEqual({ names: "abcd", complete: true, gaps: [] });
    expect(objects[0]).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a", namespace: "shop", uid: "uid-a", resourceVersion: "1" },
      spec: { containers: [] },
    });
    expect(requests.map((request) => request.url)).toEqual([
      "/api/v1/pods?limit=2",
      "/api/v1/pods?limit=2&continue=t1",
      "/api/v1/pods?limit=2&continue=t2",
    ]);
    expect(new Set(requests.map((request) => request.authorization))).toEqual(new Set(["Bearer token-1"]));
    expect(requests[0]?.encoding).toBe("gzip");
  });

  it("fetches the next page while the caller holds this one, and leaves quietly", async () => {
    const list = reader().list(pods);
    await list.next();
    await expect.poll(() => requests.length).toBe(2);
    await list.return({ complete: false, gaps: [] });
    expect(requests.length).toBe(2);
  });

  it("reads gzip", async () => {
    answers = [
      (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(podList([pod("z")]))),
    ];
    expect(names((await readAll(reader())).objects)).toBe("z");
  });

  it("tells an absent optional kind from an absent needed one", async () => {
    answers = [status(404)];
    expect(await readAll(reader(), kindNamed("ValidatingAdmissionPolicy"))).toEqual({
      objects: [],
      complete: true,
      gaps: [],
    });
    expect(await readAll(reader())).toMatchObject({ complete: false, gaps: [{ code: "not_found", what: "pods" }] });
  });

  it("takes null items as none, and objects of wrong types as a gap", async () => {
    answers = [
      (_, response) =>
        response.end('{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":null}'),
    ];
    expect(await readAll(reader())).toEqual({ objects: [], complete: true, gaps: [] });
    const wrong = [
      { kind: 7, metadata: { name: "a", namespace: "n" } },
      { kind: "Secret", metadata: { name: "a", namespace: "n" } },
      pod("l", { labels: { a: 1 } }),
      pod("o", { ownerReferences: [{ kind: "x" }] }),
      { metadata: { name: ["a"], namespace: "n" } },
      { metadata: { name: "no-namespace" } },
      null,
      "text",
    ];
    answers = [(_, response) => response.end(podList([...wrong, pod("z")]))];
    const result = await readAll(reader());
    expect(names(result.objects)).toBe("z");
    expect(result).toMatchObject({
      complete: false,
      gaps: [{ code: "malformed", message: expect.stringContaining("8 objects") }],
    });
  });
});

describe("an expired list", () => {
  it("begins anew once", async () => {
    answers = [page, status(410), page];
    const { objects, complete } = await readAll(reader());
    expect({ names: names(objects), complete }).toEqual({ names: "ababcd", complete: true });
  });
  it("has a gap the second time", async () => {
    answers = [page, status(410), page, status(410)];
    expect(await readAll(reader())).toMatchObject({ complete: false, gaps: [{ code: "truncated", what: "pods" }] });
  });
});

describe("a page that comes for ever", () => {
  it.each([
    ["with one token", () => podList([pod("a")], "same")],
    ["with new tokens", () => podList([pod("a")], `t${requests.length}`)],
    ["empty, with one token", () => podList([], "same")],
  ])("%s is truncated", async (_, body) => {
    answers = [(_, response) => response.end(body())];
    expect(await readAll(reader())).toMatchObject({ complete: false, gaps: [{ code: "truncated" }] });
    expect(requests.length).toBeLessThan(5);
  });
  it("and pages of different lists are no complete list", async () => {
    answers = [
      (_, response) => response.end(podList([pod("a")], "t", "1")),
      (_, response) => response.end(podList([pod("b")], "", "2")),
    ];
    expect(await readAll(reader())).toMatchObject({ complete: false, gaps: [{ code: "truncated" }] });
  });
});

const faults: [string, Answer, string][] = [
  ["401", status(401), "unauthenticated"],
  ["403", status(403), "denied"],
  ["404", status(404), "not_found"],
  ["429 seconds", status(429, { "retry-after": "0" }), "throttled"],
  ["429 date", status(429, { "retry-after": new Date(0).toUTCString() }), "throttled"],
  ["500", status(500), "server_error"],
  ["redirect", status(302, { location: "https://localhost/" }), "malformed"],
  ["hang", () => undefined, "timeout"],
  ["reset", (request) => request.socket.destroy(), "unreachable"],
  [
    "cut",
    (_, response) =>
      void response.writeHead(200, { "content-length": "900" }).write("{", () => response.socket?.destroy()),
    "unreachable",
  ],
  ["malformed", (_, response) => response.end('{"kind":"PodList","items":[{'), "malformed"],
  ["html", (_, response) => response.end("<!doctype html>"), "malformed"],
  [
    "another kind",
    (_, response) => response.end('{"kind":"SecretList","apiVersion":"v1","metadata":{},"items":[]}'),
    "malformed",
  ],
  ["no list", (_, response) => response.end("[]"), "malformed"],
  [
    "items no array",
    (_, response) => response.end('{"kind":"PodList","apiVersion":"v1","metadata":{},"items":{}}'),
    "malformed",
  ],
];
describe.each(faults)("fault %s", (_, fault, code) => {
  const options = { timeoutMs: 300, retryLimit: 1 };
  it("on the first page rejects with its gap", async () => {
    answers = [fault];
    const result = await readAll(reader(options));
    expect(result).toMatchObject({ objects: [], complete: false, gaps: [{ code, what: "pods" }] });
    expect(result).toHaveProperty("error");
  });
  it("on a later page keeps what was read, and its gap", async () => {
    answers = [page, fault];
    const result = await readAll(reader(options));
    expect(names(result.objects)).toBe("ab");
    expect(result).toMatchObject({ complete: false, gaps: [{ code, what: "pods" }] });
  });
  it("on the identity rejects", async () => {
    answers = [fault];
    const opened = reader(options);
    await expect(opened.clusterUid()).rejects.toBeInstanceOf(ConnectorError);
    await expect(opened.version()).rejects.toBeInstanceOf(ConnectorError);
  });
});

describe("tries again", () => {
  it.each([
    ["429", status(429, { "retry-after": "0" })],
    ["503", status(503)],
    ["a reset", ((request) => request.socket.destroy()) satisfies Answer],
  ])("after %s", async (_, fault) => {
    answers = [fault, fault, page];
    expect(await readAll(reader())).toMatchObject({ complete: true });
  });
  it("after one 401 with a new token", async () => {
    answers = [status(401), page];
    expect(await readAll(reader())).toMatchObject({ complete: true });
    expect(requests.slice(0, 2).map((request) => request.authorization)).toEqual(["Bearer token-1", "Bearer token-2"]);
  });
  it("but waits no longer than the ceiling, and hands the wish on", async () => {
    answers = [status(429, { "retry-after": "120" })];
    const result = await readAll(reader({ retryCeilingMs: 1000 }));
    expect(requests.length).toBe(1);
    expect(result).toMatchObject({ error: { retryAfterMs: 120_000 } });
  });
  it("and no more once the cluster is dead", async () => {
    answers = [() => undefined];
    const opened = reader({ timeoutMs: 50 });
    for (let index = 0; index < 5; index++)
      expect(await readAll(opened)).toMatchObject({ gaps: [{ code: "timeout" }] });
    expect(requests.length).toBe(3);
  });
  it("stops when told to", async () => {
    answers = [status(429, { "retry-after": "20" })];
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    expect(await readAll(reader({ signal: stop.signal }))).toMatchObject({
      complete: false,
      gaps: [{ code: "throttled" }],
    });
  });
});

it("names the permission and quotes the cluster without its control characters", async () => {
  answers = [(_, response) => response.writeHead(403).end(JSON.stringify({ message: "no\u001b[31m\npods" }))];
  const { gaps } = await readAll(reader());
  expect(gaps).toEqual([
    {
      code: "denied",
      what: "pods",
      permission: "list pods",
      message: expect.stringMatching(/It said: no \[31m pods$/),
    },
  ]);
});

it("reads identity and version; trusts its own CA alone; stays out of private networks", async () => {
  answers = [
    (request, response) =>
      response.end(request.url === "/version" ? '{"gitVersion":"v1.33.1"}' : '{"metadata":{"uid":"u-1"}}'),
  ];
  const opened = reader();
  expect([await opened.version(), await opened.clusterUid()]).toEqual(["v1.33.1", "u-1"]);
  await expect(reader({ retryLimit: 0 }, otherCaCertificate).version()).rejects.toThrow(/certificate/);
  await expect(reader({ allowPrivateNetworks: false }).version()).rejects.toThrow(/may not be reached/);
});

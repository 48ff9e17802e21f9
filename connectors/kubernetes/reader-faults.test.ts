import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { otherCaCertificate } from "@/lib/testing/tls";
import { ConnectorError } from "../connector";
import { type Answer, FixtureServer, names, page, pod, podList, readAll, status } from "./testing/fixture-server";

let fixture: FixtureServer;
beforeEach(async () => {
  fixture = new FixtureServer();
  await fixture.start();
});
afterEach(() => fixture.stop());

const faults: [string, Answer, string][] = [
  ["401", status(401), "unauthenticated"],
  ["403", status(403), "denied"],
  ["404", status(404), "not_found"],
  ["429 seconds", status(429, { "retry-after": "0" }), "throttled"],
  ["429 date", status(429, { "retry-after": new Date(0).toUTCString() }), "throttled"],
  ["500", status(500), "server_error"],
  ["redirect", status(302, { location: "https://localhost/" }), "unreachable"],
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
  ["no items", (_, response) => response.end('{"kind":"PodList","apiVersion":"v1","metadata":{}}'), "malformed"],
  [
    "a count of what remains that is no number",
    (_, response) =>
      response.end('{"kind":"PodList","apiVersion":"v1","metadata":{"remainingItemCount":"3"},"items":[]}'),
    "malformed",
  ],
];
describe.each(faults)("fault %s", (name, fault, code) => {
  // Only what never answers is waited for in vain; a busy machine answers late.
  const options = { timeoutMs: name === "hang" ? 1_000 : 20_000, retryLimit: 1 };
  it("on the first page rejects with its gap", async () => {
    fixture.answers = [fault];
    const result = await readAll(fixture.reader(options));
    expect(result).toMatchObject({ objects: [], complete: false, gaps: [{ code, what: "pods" }] });
    expect(result).toHaveProperty("error");
  });
  it("on a later page keeps what was read, and its gap", async () => {
    fixture.answers = [page, fault];
    const result = await readAll(fixture.reader(options));
    expect(names(result.objects)).toBe("ab");
    expect(result).toMatchObject({ complete: false, gaps: [{ code, what: "pods" }] });
  });
  it("on the identity rejects", async () => {
    fixture.answers = [fault];
    const opened = fixture.reader(options);
    await expect(opened.clusterUid()).rejects.toBeInstanceOf(ConnectorError);
    await expect(opened.version()).rejects.toBeInstanceOf(ConnectorError);
  });
});

it("does not take a list for whole that ends before what it announced", async () => {
  const short: Answer = (_, response) => {
    const list = JSON.parse(podList([pod("z")]));
    response.end(JSON.stringify({ ...list, metadata: { ...list.metadata, remainingItemCount: 2 } }));
  };
  for (const answers of [[short], [page, short]]) {
    fixture.answers = answers;
    expect(await readAll(fixture.reader())).toMatchObject({
      complete: false,
      gaps: [{ code: "truncated", what: "pods" }],
    });
  }
});

it("reads no more of a cluster than memory holds, all its lists together", async () => {
  const roomy = fixture.reader({ maxBytes: 100_000 });
  fixture.answers = [page, page];
  expect(await readAll(roomy)).toMatchObject({ complete: true });
  const tight = fixture.reader({ maxBytes: Math.ceil(Buffer.byteLength(podList([pod("z")])) * 1.5) });
  fixture.answers = [(_, response) => void response.end(podList([pod("z")]))];
  expect(await readAll(tight)).toMatchObject({ complete: true });
  fixture.answers = [(_, response) => void response.end(podList([pod("z")]))];
  expect(await readAll(tight)).toMatchObject({ complete: false, gaps: [{ code: "truncated", what: "pods" }] });
});

describe("tries again", () => {
  it.each([
    ["429", status(429, { "retry-after": "0" })],
    ["503", status(503)],
    ["a reset", ((request) => request.socket.destroy()) satisfies Answer],
  ])("after %s", async (_, fault) => {
    fixture.answers = [fault, fault, page];
    expect(await readAll(fixture.reader())).toMatchObject({ complete: true });
  });
  it("after one 401 with a new token", async () => {
    fixture.answers = [status(401), page];
    expect(await readAll(fixture.reader())).toMatchObject({ complete: true });
    expect(fixture.requests.slice(0, 2).map((request) => request.authorization)).toEqual([
      "Bearer token-1",
      "Bearer token-2",
    ]);
  });
  it("but waits no longer than the ceiling, and hands the wish on", async () => {
    fixture.answers = [status(429, { "retry-after": "120" })];
    const result = await readAll(fixture.reader({ maxRetryWaitMs: 1000 }));
    expect(fixture.requests.length).toBe(1);
    expect(result).toMatchObject({ error: { retryAfterMs: 120_000 } });
  });
  it("and no more once the cluster is dead", async () => {
    fixture.answers = [() => undefined];
    const opened = fixture.reader({ timeoutMs: 50 });
    for (let index = 0; index < 5; index++)
      expect(await readAll(opened)).toMatchObject({ gaps: [{ code: "timeout" }] });
    expect(fixture.requests.length).toBe(3);
  });
  it("stops when told to", async () => {
    fixture.answers = [status(429, { "retry-after": "20" })];
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    expect(await readAll(fixture.reader({ signal: stop.signal }))).toMatchObject({
      complete: false,
      gaps: [{ code: "throttled" }],
    });
  });
});

it("names the permission and quotes the cluster without its control characters", async () => {
  fixture.answers = [(_, response) => response.writeHead(403).end(JSON.stringify({ message: "no\u001b[31m\npods" }))];
  const { gaps } = await readAll(fixture.reader());
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
  fixture.answers = [
    (request, response) =>
      response.end(request.url === "/version" ? '{"gitVersion":"v1.33.1"}' : '{"metadata":{"uid":"u-1"}}'),
  ];
  const opened = fixture.reader();
  expect([await opened.version(), await opened.clusterUid()]).toEqual(["v1.33.1", "u-1"]);
  await expect(fixture.reader({ retryLimit: 0 }, otherCaCertificate).version()).rejects.toThrow(/certificate/);
  await expect(fixture.reader({ allowPrivateNetworks: false }).version()).rejects.toThrow(/may not be reached/);
});

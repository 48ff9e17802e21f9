import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FixtureServer, kindNamed, names, page, pod, podList, pods, readAll, status } from "./testing/fixture-server";

let fixture: FixtureServer;
beforeEach(async () => {
  fixture = new FixtureServer();
  await fixture.start();
});
afterEach(() => fixture.stop());

describe("a list", () => {
  it("reads all pages, stamps kind, drops managedFields", async () => {
    const { objects, complete, gaps } = await readAll(fixture.reader({ pageSize: 2 }));
    expect({ names: names(objects), complete, gaps }).toEqual({ names: "abcd", complete: true, gaps: [] });
    expect(objects[0]).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a", namespace: "shop", uid: "uid-a", resourceVersion: "1" },
      spec: { containers: [] },
    });
    expect(fixture.requests.map((request) => request.url)).toEqual([
      "/api/v1/pods?limit=2",
      "/api/v1/pods?limit=2&continue=t1",
      "/api/v1/pods?limit=2&continue=t2",
    ]);
    expect(new Set(fixture.requests.map((request) => request.authorization))).toEqual(new Set(["Bearer token-1"]));
    expect(fixture.requests[0]?.encoding).toBe("gzip");
  });

  it("fetches the next page while the caller holds this one, and leaves quietly", async () => {
    const list = fixture.reader().list(pods);
    await list.next();
    await expect.poll(() => fixture.requests.length).toBe(2);
    await list.return({ complete: false, gaps: [] });
    expect(fixture.requests.length).toBe(2);
  });

  it("reads gzip", async () => {
    fixture.answers = [
      (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(podList([pod("z")]))),
    ];
    expect(names((await readAll(fixture.reader())).objects)).toBe("z");
  });

  it("tells an absent optional kind from an absent needed one", async () => {
    const policies = kindNamed("ValidatingAdmissionPolicy");
    const served = (...names: string[]) =>
      JSON.stringify({ kind: "APIResourceList", apiVersion: "v1", resources: names.map((name) => ({ name })) });
    fixture.answers = [status(404), (_, response) => response.end(served("validatingwebhookconfigurations"))];
    expect(await readAll(fixture.reader(), policies)).toEqual({ objects: [], complete: true, gaps: [] });
    // The API's own list of its kinds says otherwise, or says nothing: something in between answered.
    for (const said of [served("validatingadmissionpolicies"), "<html>", "{}"]) {
      fixture.answers = [status(404), (_, response) => response.end(said)];
      expect(await readAll(fixture.reader(), policies)).toMatchObject({
        complete: false,
        gaps: [{ code: "not_found", what: "admissionregistration.k8s.io/validatingadmissionpolicies" }],
      });
    }
    fixture.answers = [status(404)];
    expect(await readAll(fixture.reader())).toMatchObject({
      complete: false,
      gaps: [{ code: "not_found", what: "pods" }],
    });
  });

  it("takes null items as none, and objects of wrong types as a gap", async () => {
    fixture.answers = [
      (_, response) =>
        response.end('{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":null}'),
    ];
    expect(await readAll(fixture.reader())).toEqual({ objects: [], complete: true, gaps: [] });
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
    fixture.answers = [(_, response) => response.end(podList([...wrong, pod("z")]))];
    const result = await readAll(fixture.reader());
    expect(names(result.objects)).toBe("z");
    expect(result).toMatchObject({
      complete: false,
      gaps: [{ code: "malformed", message: expect.stringContaining("left out: 8.") }],
    });
  });
});

describe("an expired list", () => {
  it("begins anew once", async () => {
    fixture.answers = [page, status(410), page];
    const { objects, complete } = await readAll(fixture.reader());
    expect({ names: names(objects), complete }).toEqual({ names: "ababcd", complete: true });
  });
  it("has a gap the second time", async () => {
    fixture.answers = [page, status(410), page, status(410)];
    expect(await readAll(fixture.reader())).toMatchObject({
      complete: false,
      gaps: [{ code: "truncated", what: "pods" }],
    });
  });
});

describe("a page that comes for ever", () => {
  it.each([
    ["with one token", () => podList([pod("a")], "same")],
    ["with new tokens", () => podList([pod("a")], `t${fixture.requests.length}`)],
    ["empty, with one token", () => podList([], "same")],
  ])("%s is truncated", async (_, body) => {
    fixture.answers = [(_, response) => response.end(body())];
    expect(await readAll(fixture.reader())).toMatchObject({ complete: false, gaps: [{ code: "truncated" }] });
    expect(fixture.requests.length).toBeLessThan(5);
  });
  it("and pages of different lists are no complete list", async () => {
    fixture.answers = [
      (_, response) => response.end(podList([pod("a")], "t", "1")),
      (_, response) => response.end(podList([pod("b")], "", "2")),
    ];
    expect(await readAll(fixture.reader())).toMatchObject({ complete: false, gaps: [{ code: "truncated" }] });
  });
});

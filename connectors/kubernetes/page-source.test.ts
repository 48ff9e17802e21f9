import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { KnownObjects } from "../connector";
import { type Answer, FixtureServer, names, pod, podList, pods, readAll, status } from "./testing/fixture-server";

const LIGHT = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json";

let fixture: FixtureServer;
beforeEach(async () => {
  fixture = new FixtureServer();
  await fixture.start();
});
afterEach(() => fixture.stop());

type Item = ReturnType<typeof pod>;
interface World {
  version: string;
  /** Pages by continue token; `next` of each. */
  pages: Record<string, { items: Item[]; next: string }>;
}

const lightList = (items: unknown[], next: string, resourceVersion: string): string =>
  JSON.stringify({
    kind: "PartialObjectMetadataList",
    apiVersion: "meta.k8s.io/v1",
    metadata: { resourceVersion, continue: next },
    items,
  });
const partial = ({ metadata }: Item) => ({ kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata });

/** An API server that knows both forms of a list. `full` is what it tells whoever asks for the objects themselves. */
const served =
  (light: World, full = light): Answer =>
  (request, response, token) => {
    const world = request.headers.accept === LIGHT ? light : full;
    const { items = [], next = "" } = world.pages[token] ?? {};
    response.end(
      world === light && request.headers.accept === LIGHT
        ? lightList(items.map(partial), next, world.version)
        : podList(items, next, world.version),
    );
  };

/** Knows the named pods at resourceVersion 1. */
const knows = (known: string): KnownObjects => ({
  is: ({ name, resourceVersion }) => known.includes(name) && resourceVersion === "1",
  most: true,
});
const asked = (): string[] =>
  fixture.requests.map(({ url, accept }) => `${accept === LIGHT ? "metadata" : "full"}${url.split("limit=2")[1]}`);
const read = (known: string) => readAll(fixture.reader({ pageSize: 2 }), pods, knows(known));

const world = (version = "77", ...changed: string[]): World => {
  const one = (name: string) => pod(name, changed.includes(name) ? { resourceVersion: "2" } : {});
  return {
    version,
    pages: {
      "": { items: [one("a"), one("b")], next: "t1" },
      t1: { items: [one("c"), one("d")], next: "t2" },
      t2: { items: [one("e")], next: "" },
    },
  };
};

describe("a list of which most is known", () => {
  it("is read by its metadata when nothing changed", async () => {
    fixture.answers = [served(world())];
    const { objects, complete, gaps } = await read("abcde");
    expect({ names: names(objects), complete, gaps }).toEqual({ names: "abcde", complete: true, gaps: [] });
    expect(objects[0]).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a", namespace: "shop", uid: "uid-a", resourceVersion: "1" },
    });
    expect(asked()).toEqual(["metadata", "metadata&continue=t1", "metadata&continue=t2"]);
  });

  it("reads only the page whole on which something is new", async () => {
    fixture.answers = [served(world("77", "d"))];
    const { objects, complete } = await read("abcde");
    expect({ names: names(objects), complete }).toEqual({ names: "abcde", complete: true });
    expect(objects.map((object) => "spec" in object)).toEqual([false, false, false, true, false]);
    expect(asked()).toEqual(["metadata", "metadata&continue=t1", "full&continue=t1", "metadata&continue=t2"]);
  });

  it("goes on from the later answer when the first page moved between the two", async () => {
    // `a` went, `x` came before it, so `b` slid to the second page and all of it is another list.
    const moved: World = {
      version: "78",
      pages: {
        "": { items: [pod("w"), pod("x")], next: "n1" },
        n1: { items: [pod("b"), pod("c")], next: "n2" },
        n2: { items: [pod("d"), pod("e")], next: "" },
      },
    };
    fixture.answers = [served(world("77", "b")), served(moved)];
    const { objects, complete, gaps } = await read("abcde");
    expect({ names: names(objects), complete, gaps }).toEqual({ names: "wxbcde", complete: true, gaps: [] });
    expect(asked()).toEqual(["metadata", "full", "metadata&continue=n1", "metadata&continue=n2"]);
  });

  it("is not complete when one state of the collection is told in two ways", async () => {
    const other = world("77", "d");
    other.pages.t1 = { items: [pod("c")], next: "t2" };
    fixture.answers = [served(world("77", "d"), other)];
    expect(await read("abcde")).toMatchObject({ complete: false, gaps: [{ code: "truncated" }] });
  });

  it("begins anew when the list expires between a page's metadata and the page, and asks for no page twice any more", async () => {
    const whole = world("79");
    fixture.answers = [served(world("77", "d")), served(world("77", "d")), status(410), served(whole)];
    const { objects, complete, gaps } = await read("abcde");
    expect({ complete, gaps }).toEqual({ complete: true, gaps: [] });
    expect(names(objects)).toBe("ababcde");
    const again = new FixtureServer();
    await again.start();
    again.answers = [served(world("77", "d")), served(world("77", "d")), status(410)];
    expect(await readAll(again.reader({ pageSize: 2 }), pods, knows("abcde"))).toMatchObject({ complete: false });
    await again.stop();
  });

  it("keeps to whole pages where most has changed", async () => {
    fixture.answers = [served(world("77", "a", "c", "e"))];
    expect(names((await read("bd")).objects)).toBe("abcde");
    expect(asked()).toEqual(["metadata", "full", "metadata&continue=t1", "full&continue=t1", "full&continue=t2"]);
  });

  it("takes the objects themselves from a server that sends no metadata lists", async () => {
    fixture.answers = [
      (_, response, token) => {
        const { items = [], next = "" } = world().pages[token] ?? {};
        response.end(podList(items, next));
      },
    ];
    const { objects, complete } = await read("abcde");
    expect({ names: names(objects), complete }).toEqual({ names: "abcde", complete: true });
    expect(objects.map((object) => "spec" in object)).toEqual([true, true, false, false, false]);
    expect(asked()).toEqual(["metadata", "full&continue=t1", "full&continue=t2"]);
  });

  const refusals: [string, Answer][] = [
    ["406", status(406)],
    ["HTML", (_, response) => response.end("<!doctype html>")],
    [
      "a list of something else",
      (_, response) => response.end('{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{},"rows":[]}'),
    ],
  ];
  it.each(refusals)("falls back to whole pages when metadata are answered with %s", async (_, refusal) => {
    fixture.answers = [refusal, served(world())];
    const { objects, complete } = await read("abcde");
    expect({ names: names(objects), complete }).toEqual({ names: "abcde", complete: true });
    expect(asked()).toEqual(["metadata", "full", "full&continue=t1", "full&continue=t2"]);
  });

  it("does not take metadata that nobody asked for as a list", async () => {
    fixture.answers = [(_, response) => response.end(lightList([partial(pod("a"))], "", "77"))];
    expect(await readAll(fixture.reader())).toMatchObject({ complete: false, gaps: [{ code: "malformed" }] });
  });

  it("believes no metadata of wrong types, and reads the page", async () => {
    const odd: Answer = (_, response) =>
      response.end(lightList([partial(pod("a")), { kind: "Pod", metadata: pod("b").metadata }], "t1", "77"));
    fixture.answers = [odd, served(world())];
    const { objects, complete } = await read("abcde");
    expect({ names: names(objects), complete }).toEqual({ names: "abcde", complete: true });
    expect(asked().slice(0, 2)).toEqual(["metadata", "full"]);
  });

  it.each([
    [403, "denied"],
    [500, "server_error"],
  ] as const)("a %i on metadata is the page's own", async (code, gap) => {
    fixture.answers = [status(code)];
    expect(await readAll(fixture.reader({ retryLimit: 0 }), pods, knows("a"))).toMatchObject({
      complete: false,
      gaps: [{ code: gap }],
    });
    expect(asked()).toHaveLength(1);
  });
});

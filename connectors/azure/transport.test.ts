import { createPipelineRequest } from "@azure/core-rest-pipeline";
import { describe, expect, it } from "vitest";
import { regionOf, resourceId } from "./answer";
import { armFailure, CallFailure, entraFailure, toConnectorError } from "./error";
import { listAll } from "./paging";
import { createTransport } from "./transport";

const transport = () =>
  createTransport({
    origin: "https://127.0.0.1:9",
    allowPrivateNetworks: true,
    signal: new AbortController().signal,
    requestTimeoutMs: 500,
    connectTimeoutMs: 500,
    maxAttempts: 1,
    maxRetryWaitMs: 0,
    refusal: armFailure,
  });

describe("transport", () => {
  it.each([
    "https://127.0.0.1:10/x",
    "https://evil.example/x",
    "http://127.0.0.1:9/x",
    "https://127.0.0.1:9@evil.example/",
  ])("gives no credential to another origin: %s", async (url) => {
    const made = transport();
    await expect(made.sendRequest(createPipelineRequest({ url }))).rejects.toMatchObject({ code: "malformed" });
    await made.close();
  });

  it("calls a closed port unreachable", async () => {
    const made = transport();
    const request = createPipelineRequest({ url: "https://127.0.0.1:9/x" });
    await expect(made.sendRequest(request)).rejects.toMatchObject({ code: "unreachable" });
    expect(made.failure()?.code).toBe("unreachable");
    await made.close();
  });
});

describe("errors", () => {
  it.each([
    [401, "unauthenticated"],
    [403, "denied"],
    [404, "not_found"],
    [409, "error"],
    [429, "throttled"],
    [501, "unsupported"],
    [503, "server_error"],
  ])("maps ARM's %i to %s, whatever its body", (status, code) => {
    for (const body of [undefined, null, "x", { error: 5 }, { error: { code: "C", message: "M" } }]) {
      expect(armFailure(status, body).code).toBe(code);
    }
  });

  it("tells what to do about an expired secret, and names the permission only for a refusal", () => {
    expect(entraFailure(401, { error_description: "AADSTS7000222: expired" }).message).toContain("has expired");
    const operation = { what: "list", permission: "a/read" };
    expect(toConnectorError(new CallFailure("denied", "no"), operation).gap.permission).toBe("a/read");
    expect(toConnectorError(new CallFailure("throttled", "no"), operation).gap.permission).toBeUndefined();
    expect(toConnectorError(new TypeError("x is not iterable"), operation).gap.code).toBe("malformed");
  });
});

describe("paging", () => {
  it("ends a list whose pages lead in a circle", async () => {
    async function* pages() {
      for (let page = 0; ; page++) yield Object.assign([page], { continuationToken: `https://arm/?page=${page % 3}` });
    }
    const listing = await listAll(pages(), { what: "list" }, 100);
    expect(listing.gap?.code).toBe("truncated");
    expect(listing.items).toHaveLength(4);
  });
});

describe("a list whose SDK hides the links", () => {
  it("ends at the page cap", async () => {
    async function* pages() {
      for (;;) yield [1];
    }
    const listing = await listAll(pages(), { what: "list" }, 5);
    expect(listing).toMatchObject({ items: [1, 1, 1, 1, 1], gap: { code: "truncated" } });
  });
});

it("has one spelling for a region", () => {
  expect([regionOf("East US"), regionOf("eastus"), regionOf(undefined)]).toEqual(["eastus", "eastus", undefined]);
});

describe("resource ids", () => {
  it.each([["/subscriptions/s/resourceGroups/G/providers/P/t/N", "N"]])("reads %s", (id, name) => {
    expect(resourceId(id)).toEqual({ group: "G", name, id: id.toLowerCase() });
  });
  it.each([null, 5, "", "/subscriptions/s", "/subscriptions/s/resourceGroups/g/providers/P/t/", "https://x/y"])(
    "refuses %j",
    (id) => {
      expect(resourceId(id)).toBeNull();
    },
  );
});

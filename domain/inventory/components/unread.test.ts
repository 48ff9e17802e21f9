import { afterEach, expect, it, vi } from "vitest";
import { fetchPage } from "@/components/list/fetch";

import { invalid, Problem } from "@/lib/http/problem";
import { clusterQuery } from "../cluster/schema";
import { whyUnknown } from "./unread";

afterEach(() => vi.unstubAllGlobals());

/** What is told when the list of clusters answers so. */
async function told(answer: () => Response): Promise<string> {
  vi.stubGlobal("fetch", async () => answer());
  return fetchPage("/api/v1/clusters", "", null, AbortSignal.timeout(1000)).then(
    () => "",
    (error: Error) => whyUnknown(error),
  );
}

it("names what the server cannot read in the address", async () => {
  const parsed = clusterQuery.safeParse({ account: "not-an-id" });
  const refused = () => (parsed.error ? invalid(parsed.error, "query").response() : new Response());
  expect(await told(refused)).toMatch(/^The query cannot be used: account.*UUID/);
});

it("says what the server says of itself, and that nobody answers only when nobody does", async () => {
  expect(await told(() => new Problem("unavailable", "The database is starting.").response())).toBe(
    "The database is starting.",
  );
  expect(await told(() => new Response("<html>", { status: 502 }))).toBe("The server answered with status 502.");
  const nobody = (): never => {
    throw new TypeError("fetch failed");
  };
  expect(await told(nobody)).toBe("The server could not be reached.");
});

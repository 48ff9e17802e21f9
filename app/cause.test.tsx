import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderToString } from "react-dom/server";
import { afterEach, describe, expect, it, test, vi } from "vitest";
import { closeDatabase } from "@/lib/db";
import { testDatabase } from "@/lib/testing/database";
import ConsoleError from "./(console)/error";
import * as cause from "./cause";
import PageError from "./error";
import { GET } from "./healthz/route";

vi.mock("next/navigation", () => ({ useRouter: () => ({ refresh: () => undefined }) }));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("the cause of a page that could not be read, by what /healthz says", () => {
  it("is the database where it is not there, and is not where it answers", async () => {
    vi.stubGlobal("fetch", () => GET());
    vi.stubEnv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none");
    expect(await cause.causeOf()).toContain("database does not answer");
    await closeDatabase();
    const database = await testDatabase();
    vi.stubEnv("DATABASE_URL", database.url);
    expect(await cause.causeOf()).toContain("see the log of the web process");
    await closeDatabase();
    await database.drop();
  });

  it("is the web process where that says nothing", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("fetch failed")));
    expect(await cause.causeOf()).toContain("web process does not answer");
  });
});

test.each([
  ["a whole page", <PageError key="page" error={new Error("x")} />],
  ["a page within the console's frame", <ConsoleError key="console" error={new Error("x")} reset={() => undefined} />],
])("%s tells the cause", (_what, page) => {
  vi.spyOn(cause, "useCause").mockReturnValue("Because of this.");
  const html = renderToString(<QueryClientProvider client={new QueryClient()}>{page}</QueryClientProvider>);
  expect(html).toContain("Because of this.");
});

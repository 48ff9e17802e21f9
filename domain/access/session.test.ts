import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import { useTestDatabase } from "@/lib/testing/use-database";
import { ASKED_HEADER } from "./destination";
import { requireScope, requireSelf } from "./session";

const request = vi.hoisted(() => ({ headers: new Headers() }));
vi.mock("next/headers", () => ({
  headers: async () => request.headers,
  cookies: async () => ({ toString: () => "" }),
}));

useTestDatabase();
beforeAll(() => {
  process.env.SEAWALL_SESSION_SECRET = "a secret of this test, long enough to sign";
});
beforeEach(() => {
  request.headers = new Headers();
});

it.each([
  ["/findings?severity=critical", "/sign-in?to=%2Ffindings%3Fseverity%3Dcritical"],
  ["//evil.example", "/sign-in"],
  ["/", "/sign-in"],
  [null, "/sign-in"],
])("who asks for %s signed out is sent to %s", async (asked, to) => {
  if (asked !== null) request.headers.set(ASKED_HEADER, asked);
  for (const gate of [requireScope, requireSelf])
    await expect(gate()).rejects.toMatchObject({ digest: expect.stringContaining(`;${to};`) });
});

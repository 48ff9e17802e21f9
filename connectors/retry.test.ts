import { describe, expect, it } from "vitest";
import { OutboundError } from "@/lib/outbound-error";
import { retryAfterMs, waitBefore, withRetries } from "./retry";

const limits = { maxAttempts: 3, maxRetryWaitMs: 1_000 };
const failed = (wish?: number) => Object.assign(new Error("failed"), { retryAfterMs: wish });

it("reads Retry-After in both forms, and nothing else", () => {
  const now = Date.parse("2026-03-01T00:00:00Z");
  expect(retryAfterMs("30", now)).toBe(30_000);
  expect(retryAfterMs(["30", "60"], now)).toBe(30_000);
  expect(retryAfterMs("Sun, 01 Mar 2026 00:01:00 GMT", now)).toBe(60_000);
  expect(retryAfterMs("Sunday, 01-Mar-26 00:01:00 GMT", now)).toBe(60_000);
  expect(retryAfterMs("Sat, 28 Feb 2026 00:00:00 GMT", now)).toBe(0);
  for (const text of ["soon", "", "1e9", "-5", "2026-03-01", "9".repeat(20), undefined, 5, {}])
    expect(retryAfterMs(text, now)).toBeUndefined();
});

describe("the policy", () => {
  it.each(["throttled", "server_error", "unreachable"] as const)(
    "tries again after %s, so often and no more",
    (code) => {
      expect(waitBefore(code, failed(), 1, limits)).toBeGreaterThan(0);
      expect(waitBefore(code, failed(), 3, limits)).toBeUndefined();
    },
  );
  it.each(["denied", "unauthenticated", "not_found", "timeout", "malformed", "too_large"] as const)(
    "takes %s for an answer",
    (code) => expect(waitBefore(code, failed(), 1, limits)).toBeUndefined(),
  );
  it("waits as long as the server asks, but not beyond the limit", () => {
    expect(waitBefore("throttled", failed(900), 1, limits)).toBe(900);
    expect(waitBefore("throttled", failed(1_001), 1, limits)).toBeUndefined();
    expect(waitBefore("throttled", failed(), 9, { maxAttempts: 99, maxRetryWaitMs: 400 }, () => 1)).toBe(400);
  });
  it("does not ask a wrong address, certificate or redirect again", () => {
    for (const code of ["tls", "unresolvable", "forbidden_address", "redirect", "invalid_url"] as const) {
      const error = Object.assign(new Error("x", { cause: new OutboundError(code, "no") }), {
        retryAfterMs: undefined,
      });
      expect(waitBefore("unreachable", error, 1, limits)).toBeUndefined();
    }
    expect(waitBefore("unreachable", new OutboundError("cut", "no"), 1, limits)).toBeGreaterThan(0);
  });
});

it("tells the failure that made it wait when it is stopped meanwhile", async () => {
  const stop = new AbortController();
  let attempts = 0;
  const work = withRetries(
    { maxAttempts: 5, maxRetryWaitMs: 60_000 },
    stop.signal,
    async () => {
      attempts += 1;
      throw failed(50_000);
    },
    (error) => ({ code: "throttled", error: error as Error }),
  );
  setTimeout(() => stop.abort(), 20);
  await expect(work).rejects.toThrow("failed");
  expect(attempts).toBe(1);
});

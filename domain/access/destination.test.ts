import { expect, it } from "vitest";
import { destinationOf, withDestination } from "./destination";

it.each([
  "/findings?severity=critical&q=a%20b%2F%2F",
  "/clusters/019234ab-0000-7000-8000-000000000001?tab=nodes",
  "/apiary",
  "/findings?to=https://evil.example",
])("keeps %s", (asked) => {
  expect(destinationOf(asked)).toBe(asked);
  expect(destinationOf(new URL(withDestination("/sign-in", asked), "http://x").searchParams.get("to"))).toBe(asked);
});

it.each([
  ...[
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
  ],
  ...[
    "/%2e//evil.example",
    "/%2F/evil.example",
    "/%5Cevil.example",
    "/\t/evil.example",
    "/%09/evil.example",
    " //evil.example",
  ],
  ...["https://evil.example", "https:evil.example", "javascript:alert(1)", "data:text/html,x", "evil.example", ""],
  ...["/api/auth/oidc/begin", "/api", "/API/v1", "/%61pi/v1", "/findings/../api/v1", "/./api", "/%2e%2e/api"],
  ...[
    "/sign-in",
    "/sign-in?to=/sign-in",
    "/findings\r\nSet-Cookie: a=b",
    "/findings%0d%0aX: y",
    "/a b",
    "/\u2028",
    "/%ff",
  ],
  ...[`/${"a".repeat(1000)}`, null, undefined, 7, ["/findings"]],
])("leads to the start instead of %j", (asked) => {
  expect(destinationOf(asked)).toBe("/");
});

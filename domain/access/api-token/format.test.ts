import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Grant } from "../scope";
import { clipGrants } from "./clip";
import { isApiTokenShape, newApiToken } from "./format";

const A = "00000000-0000-7000-8000-00000000000a";
const B = "00000000-0000-7000-8000-00000000000b";

describe("API token format", () => {
  it("has a prefix, 36 random characters and a checksum that a scanner can recompute", () => {
    const token = newApiToken();
    expect(token).toMatch(/^sw_[0-9A-Za-z]{42}$/);
    expect(isApiTokenShape(token)).toBe(true);
    expect(isApiTokenShape(`sw_${"0".repeat(36)}000000`)).toBe(false);
    expect(new Set(Array.from({ length: 200 }, newApiToken)).size).toBe(200);
  });

  it("tells every single mistyped character", () => {
    const token = newApiToken();
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 44 }), fc.constantFrom(..."0aZ9x"), (at, character) => {
        const typed = token.slice(0, at) + character + token.slice(at + 1);
        return typed === token || !isApiTokenShape(typed);
      }),
    );
  });
});

describe("grants of a token", () => {
  const makers: Grant[] = [{ role: "Owner", accountId: null }];

  it("never acts as Owner, and reads unless it may write", () => {
    expect(clipGrants(makers, { scopes: ["write"], accountIds: null })).toEqual([
      { role: "Security Admin", accountId: null },
    ]);
    expect(clipGrants(makers, { scopes: ["read", "export"], accountIds: null })).toEqual([
      { role: "Security Reader", accountId: null },
    ]);
  });

  it("is no wider than the token and no wider than its maker", () => {
    expect(clipGrants(makers, { scopes: ["read"], accountIds: [A] })).toEqual([
      { role: "Security Reader", accountId: A },
    ]);
    expect(clipGrants([{ role: "Security Reader", accountId: B }], { scopes: ["write"], accountIds: [A] })).toEqual([]);
    expect(clipGrants([{ role: "Security Reader", accountId: A }], { scopes: ["write"], accountIds: [A, B] })).toEqual([
      { role: "Security Reader", accountId: A },
    ]);
    expect(clipGrants(makers, { scopes: ["read"], accountIds: [] })).toEqual([]);
  });
});

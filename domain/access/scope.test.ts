import { describe, expect, it } from "vitest";
import { ForbiddenError, hasRole, mintScope, narrowScope, requireRole } from "./scope";

const a = "00000000-0000-7000-8000-00000000000a";
const b = "00000000-0000-7000-8000-00000000000b";

describe("AccountScope", () => {
  it("sees everything with a grant on everything, and only named accounts otherwise", () => {
    expect(mintScope("u", "U", [{ role: "Security Reader", accountId: null }]).accountIds).toBeNull();
    expect(mintScope("u", "U", [{ role: "Owner", accountId: a }]).accountIds).toEqual([a]);
  });

  it("is narrowed to accounts with the roles it has there, and never widened", () => {
    const owner = narrowScope(mintScope("u", "U", [{ role: "Owner", accountId: null }]), [a]);
    expect(owner.accountIds).toEqual([a]);
    expect([hasRole(owner, "Owner", a), hasRole(owner, "Owner", b), hasRole(owner, "Owner")]).toEqual([
      true,
      false,
      false,
    ]);
    const reader = mintScope("u", "U", [{ role: "Security Reader", accountId: a }]);
    expect(narrowScope(reader, [a, b]).accountIds).toEqual([a]);
    expect(narrowScope(reader, [b]).accountIds).toEqual([]);
  });

  it("sees nothing without a grant", () => {
    expect(mintScope("u", "U", []).accountIds).toEqual([]);
  });

  it("lets a stronger role do a weaker one's work, on its own account only", () => {
    const scope = mintScope("u", "U", [{ role: "Security Admin", accountId: a }]);
    expect(hasRole(scope, "Security Reader", a)).toBe(true);
    expect(hasRole(scope, "Security Admin", b)).toBe(false);
    expect(hasRole(scope, "Owner", a)).toBe(false);
    expect(hasRole(scope, "Security Reader")).toBe(false);
    expect(() => requireRole(scope, "Owner", a)).toThrow(ForbiddenError);
  });
});

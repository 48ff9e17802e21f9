import { expect, it } from "vitest";
import { beginningOf } from "./held";
import type { HeldRole } from "./schema";

const ACCOUNTS = [{ id: "a" }, { id: "b" }, { id: "c" }];
const held = (role: HeldRole["role"], accountId: string | null, source: HeldRole["source"] = "given"): HeldRole => ({
  role,
  accountId,
  account: accountId,
  source,
});

it("a change begins with what the person was given, so that saving at once changes nothing", () => {
  expect(beginningOf([held("Security Admin", null)], ACCOUNTS, true)).toEqual({
    role: "Security Admin",
    accountIds: null,
  });
  const some = [held("Security Admin", "a"), held("Security Reader", "b"), held("Security Admin", "c")];
  expect(beginningOf(some, ACCOUNTS, true)).toEqual({ role: "Security Admin", accountIds: ["a", "c"] });
  expect(beginningOf([held("Security Reader", "b")], ACCOUNTS, true).accountIds).toEqual(["b"]);
});

it("a change begins on nothing where nothing was given: by a claim, elsewhere, or at all", () => {
  const nothing = { role: "Security Reader", accountIds: [] };
  expect(beginningOf([], ACCOUNTS, true)).toEqual(nothing);
  expect(beginningOf([held("Owner", null, "claim")], ACCOUNTS, true)).toEqual(nothing);
  // An Owner of some accounts gives nothing on everything.
  expect(beginningOf([held("Owner", null), held("Owner", "z")], ACCOUNTS, false)).toEqual(nothing);
});

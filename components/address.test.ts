import { expect, it } from "vitest";
import { withParameters } from "./address";

it("adds parameters to an address, with or without its own", () => {
  expect(withParameters("/findings", {})).toBe("/findings");
  expect(withParameters("/findings", { account: "a,b", fix: undefined, days: "" })).toBe("/findings?account=a,b");
  expect(withParameters("/findings?severity=high", { account: "a" })).toBe("/findings?severity=high&account=a");
});

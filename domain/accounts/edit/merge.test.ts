import { expect, it } from "vitest";
import { merged } from "./merge";

it("merges as RFC 7396 has it", () => {
  const before = { a: 1, endpoints: { sts: "s", eks: "e" }, regions: ["x", "y"], flat: "text" };
  expect(merged(before, { a: null, endpoints: { eks: null, ec2: "c" }, regions: ["z"], flat: { now: 1 } })).toEqual({
    endpoints: { sts: "s", ec2: "c" },
    regions: ["z"],
    flat: { now: 1 },
  });
  expect(merged(before, {})).toEqual(before);
});
it("takes the name of a prototype for a name", () => {
  const result = merged({}, JSON.parse('{"__proto__": {"polluted": true}}'));
  expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  expect("polluted" in {}).toBe(false);
});

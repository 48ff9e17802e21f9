import { expect, it } from "vitest";
import { placeOf } from "./place";

it("is the part of an address that says where a list looks, spelled in one way", () => {
  expect(placeOf(new URLSearchParams("severity=high&q=x"))).toBe("");
  expect(placeOf(new URLSearchParams("distribution=gke&severity=high&account=b,a&account=a"))).toBe(
    "?account=a,b&distribution=gke",
  );
});

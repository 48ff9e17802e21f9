import { expect, it } from "vitest";
import { piecesOf } from "./break";

it("ends lines in words behind signs and at humps, and only in what is too long even so anywhere", () => {
  expect(piecesOf("shareProcessNamespace.")).toEqual(["share", "Process", "Namespace."]);
  expect(piecesOf("topology.kubernetes.io/zone")).toEqual(["topology.", "kubernetes.", "io/", "zone"]);
  expect(piecesOf("AlwaysPullImages")).toEqual(["AlwaysPullImages"]);
  expect(piecesOf("aks-prod-weu-1")).toEqual(["aks-", "prod-", "weu-", "1"]);
  expect(piecesOf("x".repeat(17))).toEqual(Array.from("x".repeat(17)));
  expect(piecesOf("9".repeat(10))).toEqual(Array.from("9".repeat(10)));
  for (const whole of ["SW-0001", "(SW-0001):", "2026-12-01", "2026-12-01,", "environment"])
    expect(piecesOf(whole)).toEqual([whole]);
});

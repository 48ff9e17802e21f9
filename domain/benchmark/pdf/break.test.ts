import { expect, it } from "vitest";
import { piecesOf } from "./break";

const WIDE = 15;
const NARROW = 7;

it("ends lines in words behind signs and at humps", () => {
  expect(piecesOf("shareProcessNamespace.", WIDE)).toEqual(["share", "Process", "Namespace."]);
  expect(piecesOf("topology.kubernetes.io/zone", WIDE)).toEqual(["topology.", "kubernetes.", "io/", "zone"]);
  expect(piecesOf("AlwaysPullImages", WIDE)).toEqual(["AlwaysPullImages"]);
  expect(piecesOf("aks-prod-weu-1", NARROW)).toEqual(["aks-", "prod-", "weu-", "1"]);
  for (const whole of ["SW-0001", "(SW-0001):", "2026-12-01", "2026-12-01,"])
    expect(piecesOf(whole, 1)).toEqual([whole]);
});

it.each(["misconfigurations", "internationalization.", "productionwesteurope1", "checkoutservice-7f9c"])(
  "leaves what fits into its column whole: %s",
  (name) => {
    expect(piecesOf(name, WIDE).every((piece) => piece.length > 3)).toBe(true);
    expect(piecesOf(name, WIDE).join("")).toBe(name);
  },
);

it("breaks anywhere only what is wider than the column, and keeps three letters at its ends together", () => {
  expect(piecesOf("misconfigurations", NARROW)).toEqual(["mis", ..."configurati", "ons"]);
  expect(piecesOf("AlwaysPullImages", NARROW)).toEqual(["Always", "Pull", "Images"]);
  expect(piecesOf("payments-misconfigurations", NARROW)).toEqual(["payments-", "mis", ..."configurati", "ons"]);
  expect(piecesOf("W".repeat(7), NARROW)).toEqual(["WWW", "W", "WWW"]);
  expect(piecesOf("x".repeat(300), WIDE)).toHaveLength(296);
});

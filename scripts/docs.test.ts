import { expect, test } from "vitest";
import { wantedPages } from "./docs";

test("no page is written while a control can't be used", () => {
  const faults = [new Error("domain/posture/controls/pods/x.yaml:3: severity: one of critical, high, medium, low")];
  expect(() => wantedPages({ controls: [], faults, sources: new Map(), ids: new Set<string>() })).toThrow(
    /not written\.\n.*x\.yaml:3: severity/,
  );
  expect([...wantedPages({ controls: [], faults: [], sources: new Map(), ids: new Set<string>() }).keys()]).toEqual([
    "README.md",
  ]);
});

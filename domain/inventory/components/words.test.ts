import { expect, it } from "vitest";
import { gapsWords } from "./gap";
import { codeWord, triggerWord } from "./words";

it("says codes as words and leaves names alone", () => {
  expect(["RUNNING", "not_ready", "NotReady", "Succeeded", "v1.33.1", "aks-prod"].map(codeWord)).toEqual([
    "Running",
    "Not ready",
    "Not ready",
    "Succeeded",
    "v1.33.1",
    "aks-prod",
  ]);
  expect(triggerWord("schedule")).toBe("Schedule");
});

it("names every gap, those that failed alike together and a bounded number of them", () => {
  const denied = (...what: string[]) => what.map((one) => ({ code: "denied" as const, what: one }));
  expect(gapsWords([])).toBe("");
  expect(gapsWords(denied("roles"))).toBe("roles may not be read");
  expect(gapsWords(denied("roles", "rolebindings"))).toBe("roles and rolebindings may not be read");
  expect(gapsWords(denied("a", "b", "c", "d", "e", "f"))).toBe("a, b, c, d and 2 others may not be read");
  expect(gapsWords([...denied("roles"), { code: "not_found", what: "x" }, { code: "not_found", what: "y" }])).toBe(
    "roles may not be read; x and y are not there",
  );
});

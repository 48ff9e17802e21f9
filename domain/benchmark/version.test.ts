import { expect, it } from "vitest";
import { outsideOf, outsideWords } from "./version";

const range = { from: "1.34", to: "1.35" };
const cluster = (name: string, version: string | null) => ({ id: name, name, version });
const names = (versions: (string | null)[]) =>
  outsideOf(
    range,
    versions.map((version, at) => cluster(`c${at}`, version)),
  ).map(({ version }) => version);

it("finds the clusters whose Kubernetes lies outside, and those that do not say", () => {
  expect(names(["1.34.0", "v1.35.9", "1.35.1-gke.100", "1.35"])).toEqual([]);
  expect(names(["1.33.9", "1.36.3", "1.3.5", "2.34.1", null])).toEqual(["1.33.9", "1.36.3", "1.3.5", "2.34.1", null]);
  expect(outsideOf(undefined, [cluster("old", "1.2.3")])).toEqual([]);
});

it("names them in one sentence, and counts those that it does not name", () => {
  expect(outsideWords(range, [cluster("edge", "1.36.3")])).toBe(
    "Written for Kubernetes 1.34 and 1.35; edge runs 1.36.3. It is judged all the same.",
  );
  expect(outsideWords({ from: "1.32", to: "1.34" }, [cluster("a", "1.31.1"), cluster("b", null)])).toBe(
    "Written for Kubernetes 1.32 to 1.34; a runs 1.31.1, b does not say its version. They are judged all the same.",
  );
  const many = Array.from({ length: 8 }, (_, at) => cluster(`c${at}`, "1.30.1"));
  expect(outsideWords(range, many)).toMatch(/c4 runs 1\.30\.1, and 3 more outside of it\. They/);
  expect([outsideWords(range, []), outsideWords(null, many)]).toEqual([null, null]);
});

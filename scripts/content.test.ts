import { expect, test } from "vitest";
import { apiVersionFaults } from "./content";

const table = (...rows: string[]): string =>
  [
    ...['newest: "1.37"', 'oldestSupported: "1.30"', "alsoServed: []", "versions:"],
    ...rows.map((row) => `  - ${row}`),
    "complete: []",
    "groups: []",
  ].join("\n");
const CRON = '{ version: batch/v1beta1, kinds: [CronJob], deprecated: "1.21", removed: "1.25", replacement: batch/v1 }';

test("the table of API versions is as it should be", () => {
  expect(apiVersionFaults()).toEqual([]);
  expect(apiVersionFaults(table(CRON))).toEqual([]);
});

test.each([
  [
    "a number that is no release",
    CRON.replace('"1.25"', "1.25"),
    /api-versions\.yaml:5: versions\.0\.removed: .*string/,
  ],
  [
    "a field that nobody knows",
    CRON.replace("removed", "remved"),
    /:5: .*there is no field remved\. Did you mean removed\?/,
  ],
  [
    "neither deprecated nor removed",
    "{ version: batch/v1, kinds: [CronJob] }",
    /:5: versions\.0: is deprecated or removed/,
  ],
  [
    "removed before it is deprecated",
    CRON.replace("1.21", "1.26"),
    /:5: versions\.0: is deprecated before it is removed/,
  ],
  ["a kind in small letters", CRON.replace("CronJob", "cronjobs"), /:5: versions\.0\.kinds\.0: is a kind/],
  [
    "replaced by itself",
    CRON.replace("replacement: batch/v1 ", "replacement: batch/v1beta1 "),
    /is not replaced by itself/,
  ],
  ["no YAML", "{ version: [", /:6: /],
])("%s is named with its line", (_name, row, fault) => {
  expect(apiVersionFaults(table(row)).join("\n")).toMatch(fault);
});

test("a version of a kind stands once", () => {
  expect(apiVersionFaults(table(CRON, CRON))).toEqual([
    "domain/inventory/data/api-versions.yaml:6: versions.1: batch/v1beta1 CronJob stands twice.",
  ]);
});

test("a group of which all kinds are known has those of its versions", () => {
  const known = table(CRON).replace("groups: []", "groups: [{ group: batch, kinds: [Job] }]");
  expect(apiVersionFaults(known)).toEqual([expect.stringContaining("groups: batch/v1beta1 CronJob is missing.")]);
});

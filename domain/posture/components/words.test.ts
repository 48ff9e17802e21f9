import { expect, it } from "vitest";
import { SCORE_GROUPS, SEVERITIES } from "../schema";
import { GROUP_WORDS, SEVERITY_WORDS } from "./words";

it("says the same words in the same order as the schema", () => {
  expect(Object.entries(GROUP_WORDS)).toEqual(Object.entries(SCORE_GROUPS).map(([id, group]) => [id, group.title]));
  expect(Object.keys(SEVERITY_WORDS)).toEqual([...SEVERITIES]);
});

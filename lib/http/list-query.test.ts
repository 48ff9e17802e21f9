import { describe, expect, it } from "vitest";
import { findingQuery } from "@/domain/posture/finding/schema";
import { parseLoosely, queryRecord, searchOf } from "./list-query";

const id = "019234ab-0000-7000-8000-000000000001";
const parse = (search: string) => findingQuery.safeParse(queryRecord(new URLSearchParams(search)));

describe("the filter of a list", () => {
  it("reads several values, repeated or with commas, once each", () => {
    expect(parse("severity=high,critical&severity=high&control=SW-0001").data).toMatchObject({
      severity: ["high", "critical"],
      control: ["SW-0001"],
      cluster: [],
      sort: "-severity",
      size: 50,
    });
  });

  it.each([
    ["severity=hgih", "severity"],
    ["control=SW-1'; DROP", "control"],
    ["cluster=x", "cluster"],
    ["size=501", "size"],
    ["size=0", "size"],
    ["size=1e2", "size"],
    ["sort=message", "sort"],
    ["cursor=a%20b", "cursor"],
    ["firstSeenAfter=yesterday", "firstSeenAfter"],
    ["q=a%00b", "q"],
    [`namespace=${"x".repeat(301)}`, "namespace"],
  ])("refuses %s strictly and drops it loosely", (search, key) => {
    const result = parse(search);
    expect(result.error?.issues.map((issue) => issue.path[0])).toContain(key);
    expect(parseLoosely(findingQuery, queryRecord(new URLSearchParams(search)))).toEqual(findingQuery.parse({}));
  });

  it("refuses a name that it does not know, and a page drops it", () => {
    expect(parse("sevrity=high").success).toBe(false);
    expect(parse("__proto__=1").success).toBe(false);
    const record = queryRecord(new URLSearchParams(`finding=${id}&severity=low`));
    expect(parseLoosely(findingQuery, record).severity).toEqual(["low"]);
  });

  it("goes into an address and comes back the same, without what is usual", () => {
    const query = findingQuery.parse({
      severity: "low,high",
      q: " a&b=c ",
      reopened: "false",
      cluster: id,
      firstSeenAfter: "2026-11-21T05:45:00+05:45",
    });
    const search = searchOf(findingQuery, query);
    expect(search.toString()).toBe(
      `cluster=${id}&firstSeenAfter=2026-11-21T00%3A00%3A00.000Z&q=a%26b%3Dc&reopened=false&severity=low%2Chigh`,
    );
    expect(findingQuery.parse(queryRecord(search))).toEqual(query);
    expect(searchOf(findingQuery, findingQuery.parse({})).toString()).toBe("");
  });
});

import { describe, expect, it } from "vitest";
import { findingFilterSchema, findingsHref, toggled } from "./filter";

const id = "019234ab-0000-7000-8000-000000000001";

describe("finding filter", () => {
  it("drops what it does not know instead of failing or passing it on", () => {
    const filter = findingFilterSchema.parse({
      severity: "critical,nonsense",
      control: "SW-1'; DROP",
      cluster: "x",
      after: "1_2",
      finding: id,
    });
    expect(filter).toMatchObject({ severity: ["critical"], control: null, cluster: null, after: null, finding: id });
  });

  it("keeps the page only when just the open finding changes", () => {
    const filter = findingFilterSchema.parse({ q: "a&b=c", after: `1700000000000_${id}` });
    expect(findingsHref(filter, { finding: id })).toContain(`after=1700000000000_${id}`);
    expect(findingsHref(filter, { severity: "low" })).toBe("/findings?severity=low&q=a%26b%3Dc");
  });

  it("toggles a value", () => {
    expect(toggled(["high"], "high")).toBeNull();
    expect(toggled(["high"], "low")).toBe("high,low");
  });
});

import { expect, it } from "vitest";
import { wordOf } from "./word";

it("is the whole word in whatever case, and no other that begins or ends like it", () => {
  const words = ["ACTIVE", "CREATE_FAILED"] as const;
  expect(wordOf(words, "active")).toBe("ACTIVE");
  for (const other of ["act", "ACTIVE_DEGRADED", "CREATE", "FAILED", "", " ACTIVE", null, 1])
    expect(wordOf(words, other)).toBeUndefined();
});

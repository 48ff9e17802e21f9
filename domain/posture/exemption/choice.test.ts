import { expect, it } from "vitest";
import { auditName, selectedWords } from "./choice";

const [free, held] = [{ exemption: null }, { exemption: { id: "1" } }];

it("says of a selection which of it are exempted already", () => {
  expect(selectedWords([free])).toBe("The selected finding");
  expect(selectedWords([held])).toBe("The selected finding, exempted already");
  expect(selectedWords([free, free])).toBe("The 2 selected findings");
  expect(selectedWords([free, held, free])).toBe("The 3 selected findings, 1 of them exempted already");
  expect(selectedWords([free, free], 3)).toBe("The first 2 of the 5 selected findings");
  expect(selectedWords([held, held])).toBe("The 2 selected findings, all of them exempted already");
});

it("calls an exemption by its controls and its reason, and by its id", () => {
  const named = (targets: Parameters<typeof auditName>[0]["targets"], reason = "why") =>
    auditName({ id: "x", targets, reason });
  expect(named([{ control: "SW-0017", namespace: "a" }, { control: "SW-0017" }])).toBe("SW-0017: why (x)");
  expect(named([{ group: "best-practices" }, {}])).toBe("best-practices, all controls: why (x)");
  expect(named(["SW-0001", "SW-0002", "SW-0003", "SW-0004", "SW-0005"].map((control) => ({ control })))).toBe(
    "SW-0001, SW-0002, SW-0003 and 2 more: why (x)",
  );
  expect(named([], "🙂".repeat(200))).toBe(`${"🙂".repeat(120)}… (x)`); // whole characters, and the id is kept
});

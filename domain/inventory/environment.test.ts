import { expect, test } from "vitest";
import { Environment } from "./environment";

const ENV = [
  { name: "EARLY", value: "$(LATE)" },
  { name: "LATE", value: "b" },
  { name: "NESTED", value: "a$(LATE)c" },
  { name: "EMPTY" },
  { name: "FROM", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
  { name: "OF_FROM", value: "https://$(FROM):2379" },
];
const environment = new Environment({ env: ENV });

test.each([
  ["$(LATE)/$(LATE)", "b/b"],
  ["$(NESTED)", "abc"],
  ["$(EMPTY)", ""],
  // A variable knows those above it only, and one that is not defined stays.
  ["$(EARLY)", "$(LATE)"],
  ["$(NONE)", "$(NONE)"],
  ["$$(LATE)", "$(LATE)"],
  ["$$$(LATE)", "$b"],
  ["$LATE $ $x$$", "$LATE $ $x$"],
  ["$(LATE", "$(LATE"],
  ["$($(LATE)", "$($(LATE)"],
  ["$(FROM)", undefined],
  ["$(OF_FROM)", undefined],
  ["$(ETCD_SERVICE_PORT)", undefined],
  ["$(ETCD_PORT_2379_TCP_ADDR)", undefined],
])("%s becomes %s", (written, expanded) => {
  expect(environment.expand(written)).toBe(expanded);
});
test("what envFrom may define is not known, what stands beside it is", () => {
  const open = new Environment({ env: ENV, envFrom: [{ configMapRef: { name: "etcd" } }] });
  expect(open.expand("$(NONE)")).toBeUndefined();
  expect(open.expand("$(LATE)")).toBe("b");
});
test("variables that double each other, and brackets without end, cost nothing", () => {
  const doubling = Array.from({ length: 60 }, (_, index) => ({
    name: `V${index + 1}`,
    value: `$(V${index})$(V${index})`,
  }));
  const nested = new Environment({ env: [{ name: "V0", value: "x" }, ...doubling] });
  expect(nested.expand("$(V3)")).toBe("x".repeat(8));
  expect(nested.expand("$(V60)")).toBeUndefined();
  const open = "$(".repeat(400_000);
  expect(environment.expand(open)).toBe(open);
});

import { expect, it } from "vitest";
import { Slots } from "./slots";

it("leaves room for others however much one holder asks for, and frees once", () => {
  const slots = new Slots(3, 2);
  const first = slots.take("ann");
  expect([slots.take("ann"), slots.take("ann")].map((slot) => slot === null)).toEqual([false, true]);
  const other = slots.take("bob");
  expect(other).not.toBeNull();
  expect(slots.take("cid")).toBeNull();
  first?.();
  first?.();
  expect(slots.take("cid")).not.toBeNull();
  expect(slots.take("cid")).toBeNull();
});

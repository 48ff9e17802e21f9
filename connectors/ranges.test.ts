import { expect, it } from "vitest";
import { widestFirst } from "./ranges";

it("shows what lets others in before what does not", () => {
  const good = Array.from({ length: 12 }, (_, at) => `203.0.113.${at}/32`);
  const whole = [
    ...good,
    "10.0.0.0/8",
    "2001:db8::/32",
    "fd00::/8",
    "198.0.0.0/8",
    "192.168.0.0/16",
    "2000::/3",
    "0.0.0.0/0",
    "anywhere",
  ];
  expect(widestFirst(whole).slice(0, 5)).toEqual(["0.0.0.0/0", "anywhere", "2000::/3", "198.0.0.0/8", "2001:db8::/32"]);
  expect(widestFirst(["10.0.0.0/8", "10.0.0.0/1"])).toEqual(["10.0.0.0/1", "10.0.0.0/8"]);
  expect(widestFirst(["198.51.100.7", "203.0.113.1"])).toEqual(["198.51.100.7", "203.0.113.1"]);
});

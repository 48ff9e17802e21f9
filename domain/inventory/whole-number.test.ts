import { expect, test } from "vitest";
import { wholeNumber } from "./whole-number";

test.each([
  ["0", "0"],
  ["30", "30"],
  ["+30", "30"],
  ["-30", "-30"],
  ["-0", "0"],
  ["030", "24"],
  ["0o36", "30"],
  ["0O36", "30"],
  ["0x1e", "30"],
  ["0X1E", "30"],
  ["-0x1e", "-30"],
  ["0b11110", "30"],
  ["1_000", "1000"],
  ["0_36", "30"],
  ["0x_1e", "30"],
  ["00", "0"],
  ["9223372036854775807", "9223372036854775807"],
  ["-9223372036854775808", "-9223372036854775808"],
])("%s is %s", (text, value) => {
  expect(wholeNumber(text, 64)).toBe(value);
});

test.each([
  "",
  " 30",
  "30 ",
  "08",
  "0x",
  "0b2",
  "0o8",
  "1__0",
  "1_",
  "_1",
  "0x1e_",
  "3e1",
  "30.0",
  "many",
  "+-3",
  "0".repeat(999),
])("%s is none", (text) => {
  expect(wholeNumber(text, 64)).toBeNull();
});

test("a number must fit into its bits", () => {
  expect([wholeNumber("9223372036854775808", 64), wholeNumber("-9223372036854775809", 64)]).toEqual([null, null]);
  expect([wholeNumber("2147483647", 32), wholeNumber("2147483648", 32)]).toEqual(["2147483647", null]);
});

import { expect, test } from "vitest";
import { uuidv7 } from "./id";

test("ids are version 7, unique and in order within a process", () => {
  const ids = Array.from({ length: 10_000 }, () => uuidv7());
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
});

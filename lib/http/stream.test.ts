import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { textStream } from "./stream";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function stream() {
  const ends: unknown[] = [];
  const made = { closed: false };
  async function* pieces() {
    try {
      for (let n = 0; n < 5; n++) yield `${n}`;
    } finally {
      made.closed = true;
    }
  }
  return { reader: textStream(pieces(), (error) => ends.push(error)).getReader(), ends, made };
}

test("a client that keeps its connection and stops reading gets no more, and holds nothing", async () => {
  const { reader, ends, made } = stream();
  await reader.read();
  await vi.advanceTimersByTimeAsync(59_000);
  expect(ends).toEqual([]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(ends).toEqual([expect.objectContaining({ message: expect.stringContaining("took nothing") })]);
  expect(made.closed).toBe(true);
  await expect(reader.read()).rejects.toThrow("took nothing");
  expect(ends).toHaveLength(1);
});

test("one that reads slowly gets all of it", async () => {
  const { reader, ends } = stream();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += new TextDecoder().decode(part.value);
    await vi.advanceTimersByTimeAsync(50_000);
  }
  expect([text, ends]).toEqual(["01234", [null]]);
  expect(vi.getTimerCount()).toBe(0);
});

import { afterEach, expect, test, vi } from "vitest";
import { logFor, reasonOf } from "./log";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("the reason of every address refused is said once each", () => {
  const refused = (address: string) =>
    Object.assign(new Error(`connect ECONNREFUSED ${address}`), { code: "ECONNREFUSED" });
  expect(reasonOf(new AggregateError([refused("::1:5432"), refused("127.0.0.1:5432")]))).toBe(
    "connect ECONNREFUSED ::1:5432; connect ECONNREFUSED 127.0.0.1:5432",
  );
  expect(reasonOf(new Error("cannot start", { cause: new AggregateError([refused("a"), refused("a")]) }))).toBe(
    "cannot start: connect ECONNREFUSED a",
  );
});

test("plain objects, codes and odd values have a reason too", () => {
  expect(reasonOf({ message: "terminating connection", stack: "at x", queue: "tick" })).toBe("terminating connection");
  expect(reasonOf({ code: "57P01" })).toBe("57P01");
  expect(reasonOf(Object.assign(new Error(""), { code: "ECONNRESET" }))).toBe("ECONNRESET");
  expect(reasonOf({ a: 1 })).toBe('{"a":1}');
  expect([reasonOf(undefined), reasonOf(null), reasonOf("no")]).toEqual(["undefined", "null", "no"]);
});

test("an error that names itself as its cause ends", () => {
  const error = new Error("round");
  error.cause = error;
  expect(reasonOf(error)).toMatch(/^round(: round)+$/);
});

test("the same complaint is written three times in ten seconds, then counted", () => {
  vi.useFakeTimers();
  const lines: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((line) => lines.push(String(line)) > 0);
  const log = logFor("flood");
  for (let i = 0; i < 50; i++) log.error("job queue", { reason: "refused" });
  log.error("job queue", { reason: "another" });
  expect(lines.filter((line) => line.includes("reason=refused"))).toHaveLength(3);
  expect(lines.filter((line) => line.includes("reason=another"))).toHaveLength(1);
  vi.advanceTimersByTime(10_000);
  expect(lines.at(-1)).toContain("reason=refused (and 47 times more in 10 s)");
  log.error("job queue", { reason: "refused" });
  expect(lines.filter((line) => line.includes("reason=refused"))).toHaveLength(5);
});

test("pollers that complain of one thing, each under its own number, are one flood", () => {
  vi.useFakeTimers();
  const lines: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((line) => lines.push(String(line)) > 0);
  for (const queue of ["tick", "notify", "scan-cluster", "send-mail", "discover-account"])
    logFor("pollers").error("job queue", {
      reason: `connect ECONNREFUSED (Queue: ${queue}, Worker: ${crypto.randomUUID()})`,
    });
  expect(lines).toHaveLength(3);
  vi.advanceTimersByTime(10_000);
  expect(lines.at(-1)).toContain("(and 2 times more in 10 s)");
});

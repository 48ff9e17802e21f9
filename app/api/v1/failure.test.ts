import { expect, it, vi } from "vitest";
import { problemOf } from "./failure";

vi.mock("server-only", () => ({}));

const coded = (code: string, cause?: unknown) => Object.assign(new Error(code, { cause }), { code });

it.each<[string, unknown, number]>([
  ["the database, plain", coded("ECONNREFUSED"), 503],
  ["the database, wrapped by Prisma", coded("P2010", new Error("driver", { cause: coded("57P01") })), 503],
  ["every address of its host", new Error("x", { cause: new AggregateError([coded("ECONNREFUSED")]) }), 503],
  ["the socket of a server that ended", Object.assign(coded("ENOENT"), { syscall: "connect" }), 503],
  ["a connection that was lost", new Error("Connection terminated unexpectedly"), 503],
  ["a database that hangs", new Error("Query read timeout"), 503],
  ["one that hangs, wrapped", new Error("x", { cause: new Error("Query read timeout") }), 503],
  ["one that takes no connection", new Error("timeout exceeded when trying to connect"), 503],
  ["one that says nothing of a session", new Error("Failed to get session"), 503],
  ["a file that is missing", Object.assign(coded("ENOENT"), { syscall: "open" }), 500],
  ["a NUL, wrapped", new Error("x", { cause: coded("22021") }), 400],
  ["a fault of ours", new Error("x", { cause: coded("42P01") }), 500],
  ["no error at all", "x", 500],
])("%s has its status", (_what, error, status) => {
  expect(problemOf(error, "test").response().status).toBe(status);
});

it("ends with causes that lead back to themselves", () => {
  const loop = new Error("a");
  loop.cause = loop;
  expect(problemOf(loop, "test").response().status).toBe(500);
});

import { inspect } from "node:util";
import { APIError, BASE_ERROR_CODES } from "better-auth";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { pool, prisma, Transaction } from "@/lib/db";
import { useTestDatabase } from "@/lib/testing/use-database";
import { problemOf } from "./failure";

vi.mock("server-only", () => ({}));

useTestDatabase();

const silent = (status: "UNAUTHORIZED" | "INTERNAL_SERVER_ERROR") =>
  APIError.from(status, BASE_ERROR_CODES.FAILED_TO_GET_SESSION);
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
  ["one that says nothing of a session", silent("INTERNAL_SERVER_ERROR"), 503],
  ["a session that was ended while it was read", silent("UNAUTHORIZED"), 401],
  ["the same words of somebody else", new Error("Failed to get session"), 500],
  ["a file that is missing", Object.assign(coded("ENOENT"), { syscall: "open" }), 500],
  ["a NUL, wrapped", new Error("x", { cause: coded("22021") }), 400],
  ["a fault of ours", new Error("x", { cause: coded("42P01") }), 500],
  ["no error at all", "x", 500],
])("%s has its status", (_what, error, status) => {
  expect(problemOf(error, "test").response().status).toBe(status);
});

describe("a statement that PostgreSQL ends for being long", () => {
  let held: Transaction;
  beforeAll(async () => {
    vi.stubEnv("SEAWALL_DATABASE_PATIENCE_MS", "1000");
    held = await Transaction.begin(pool());
    await held.client.query('LOCK TABLE "Account"');
  });
  afterAll(async () => {
    await held.rollback();
    vi.unstubAllEnvs();
  });

  it.each<[string, () => Promise<unknown>]>([
    ["the pool", () => pool().query('SELECT count(*) FROM "Account"')],
    ["Prisma", () => prisma().account.count()],
    ["Prisma, by its own text", () => prisma().$queryRaw`SELECT count(*) FROM "Account"`],
    ["a transaction of Prisma's", () => prisma().$transaction((tx) => tx.account.count())],
  ])("is told as a database that does not answer: %s", async (_what, ask) => {
    const error: unknown = await ask().catch((reason: unknown) => reason);
    expect(inspect(error, { depth: 5 })).toContain("57014");
    expect(problemOf(error, "test").response().status).toBe(503);
  });
});

it("ends with causes that lead back to themselves", () => {
  const loop = new Error("a");
  loop.cause = loop;
  expect(problemOf(loop, "test").response().status).toBe(500);
});

import { afterAll, beforeAll } from "vitest";
import { closeDatabase } from "../db";
import { testDatabase } from "./database";

/** The tests of a file, or of a `describe`, work on a database of their own, which is the process's while they run. */
export function useTestDatabase(): void {
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await testDatabase();
    process.env.DATABASE_URL = database.url;
    drop = database.drop;
  });
  afterAll(async () => {
    await closeDatabase();
    await drop();
  });
}

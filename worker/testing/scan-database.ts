import { afterAll, beforeAll, beforeEach } from "vitest";
import { closeDatabase } from "@/lib/db";
import { db, reset, startDatabase, stopDatabase } from "./scan-fixture";

/**
 * The database of a file of scan tests, with one empty cluster: anew for each test, or `once` for all of them. The product's own queries and
 * mutations, which find their database by the environment, read it too.
 */
export function useScanDatabase(anew: "each" | "once" = "each"): void {
  beforeAll(async () => {
    await startDatabase();
    process.env.DATABASE_URL = db.url;
    if (anew === "once") await reset();
  }, 300_000);
  afterAll(async () => {
    await closeDatabase();
    await stopDatabase();
  });
  if (anew === "each") beforeEach(reset);
}

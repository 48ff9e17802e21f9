import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { dataDir } from "@/lib/env";
import { UsageError } from "./usage-error";

/** Address of the database to read: DATABASE_URL, else the embedded one of a Seawall that runs in the data folder. Throws UsageError. */
export function databaseUrl(): string {
  const given = process.env.DATABASE_URL;
  if (given !== undefined && given !== "") return given;
  const folder = path.join(dataDir(), "postgres");
  const running = path.join(folder, "postmaster.pid");
  if (!existsSync(running))
    throw new UsageError(`no Seawall runs in ${dataDir()}. Start it, set SEAWALL_DATA_DIR, or set DATABASE_URL.`);
  const port = readFileSync(running, "utf8").split("\n")[3]; // PostgreSQL documents the fourth line as its port
  const password = readFileSync(`${folder}.password`, "utf8").trim();
  return `postgresql://seawall:${password}@127.0.0.1:${port}/seawall`;
}

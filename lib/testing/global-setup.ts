import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { startEmbeddedPostgres } from "../postgres";

const GIGABYTE = 1024 ** 3;
const MEMORY = "/dev/shm";

/**
 * Where the server's files are: in memory where that has room, for a test's database is a thousand files that are soon deleted,
 * and on a disk the next thousand then take half a second (ext4 looks at each file that was deleted just now before it makes one).
 */
function folder(): string {
  if (existsSync(MEMORY)) {
    const { bavail, bsize } = statfsSync(MEMORY);
    if (bavail * bsize > 2 * GIGABYTE && os.freemem() > 4 * GIGABYTE) return MEMORY;
  }
  return existsSync("/var/tmp") ? "/var/tmp" : os.tmpdir();
}

/**
 * One PostgreSQL for a whole test run, unless SEAWALL_TEST_DATABASE_URL names one: the embedded, or that of the folder
 * SEAWALL_TEST_POSTGRES_BIN. It ends with the run, so that no run leaves a server behind.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  const given = process.env.SEAWALL_TEST_DATABASE_URL;
  if (given !== undefined && given !== "") return undefined;
  const dir = mkdtempSync(path.join(folder(), "seawall-test-"));
  chmodSync(dir, 0o711); // the server's own user must be able to enter it
  const flags = ["fsync=off", "full_page_writes=off", "max_wal_size=256MB", "max_connections=100"];
  const server = await startEmbeddedPostgres(path.join(dir, "pg"), flags, process.env.SEAWALL_TEST_POSTGRES_BIN);
  process.env.SEAWALL_TEST_DATABASE_URL = server.url("postgres");
  return async () => {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  };
}

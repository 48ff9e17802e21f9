import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Another Seawall runs on this data folder. */
export class AlreadyRunning extends Error {
  override name = "AlreadyRunning";
}

export interface Lock {
  release(): void;
}

/** SQLite's code for "another connection has the lock". */
const BUSY = 5;
/** Locks this process holds. A handle that were collected would give its lock away. */
const held = new Map<string, DatabaseSync>();

/**
 * Takes `file` for this process until `release` or the process's end, however that comes: the kernel gives the lock back, so
 * there is no stale one to take over. Returns null when another has it. The lock is SQLite's on an empty database, the one
 * advisory lock that Node reaches on every system without a native module.
 */
export function tryLock(file: string): Lock | null {
  const known = path.resolve(file);
  if (held.has(known)) return null;
  const database = new DatabaseSync(known, { timeout: 0 });
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (error instanceof Error && "errcode" in error && error.errcode === BUSY) return null;
    throw error;
  }
  held.set(known, database);
  return {
    release: () => {
      if (held.delete(known)) database.close();
    },
  };
}

/** Who runs, for the message alone: the lock itself decides. */
function holder(file: string): string {
  try {
    const pid = Number(readFileSync(file, "utf8").split(" ")[0]);
    return Number.isInteger(pid) && pid > 0 ? ` (process ${pid})` : "";
  } catch {
    return ""; // it took the lock a moment ago and has not written its number yet
  }
}

/** Takes the data folder for this process; throws AlreadyRunning when a live one has it. */
export function takeLock(dataDir: string): Lock {
  mkdirSync(dataDir, { recursive: true });
  const pidFile = path.join(dataDir, "seawall.lock");
  const lock = tryLock(path.join(dataDir, "seawall.lock.db"));
  if (lock === null)
    throw new AlreadyRunning(
      `Seawall already runs on ${dataDir}${holder(pidFile)}. It was left alone. Stop it first, or set SEAWALL_DATA_DIR to another folder.`,
    );
  writeFileSync(pidFile, String(process.pid));
  return {
    release: () => {
      rmSync(pidFile, { force: true });
      lock.release();
    },
  };
}

import { randomBytes } from "node:crypto";
import { closeSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import path from "node:path";

/** The data folder cannot be used: why, and what to do next. */
export class DataFolderError extends Error {
  override name = "DataFolderError";
}

const NEXT = "or set SEAWALL_DATA_DIR to another folder, such as /var/lib/seawall.";
const code = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "string" ? error.code : "";

/** The sentence for what went wrong with the data folder, or undefined when it was something else. */
export function dataFolderFault(dir: string, error: unknown): string | undefined {
  switch (code(error)) {
    case "ENOSPC":
    case "EDQUOT":
      return `The disk of the data folder ${dir} is full. Free some space (a new installation needs about 200 MB), ${NEXT}`;
    case "EACCES":
    case "EPERM":
      return `The data folder ${dir} may not be written by this user. Change its owner, ${NEXT}`;
    case "EROFS":
      return `The data folder ${dir} lies on a file system that is read-only. Mount it writable, ${NEXT}`;
    case "ENOTDIR":
    case "EEXIST":
      return `The data folder ${dir} is not a folder: a file is in its place or above it. Move the file, ${NEXT}`;
    case "ENOENT":
      return `The data folder ${dir} cannot be made there. Make it yourself, ${NEXT}`;
    case "ENAMETOOLONG":
    case "ELOOP":
      return `The data folder ${dir} has a name that the system refuses. Shorten it, ${NEXT}`;
    default:
      return undefined;
  }
}

/** Makes a folder and those above it. Node's own `recursive` never ends where a folder can be neither found nor made (/proc). */
function makeFolder(dir: string): void {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = path.dirname(dir);
  if (above !== dir) makeFolder(above);
  try {
    mkdirSync(dir, { mode: 0o711 });
  } catch (error) {
    if (code(error) !== "EEXIST" || !statSync(dir).isDirectory()) throw error; // another start may have made it
  }
}

/** Makes the data folder if needed and proves that it can be written. Throws DataFolderError. */
export function prepareDataFolder(dir: string): void {
  const probe = path.join(dir, `.probe-${process.pid}-${randomBytes(4).toString("hex")}`);
  try {
    makeFolder(dir);
    try {
      const file = openSync(probe, "wx", 0o600);
      try {
        writeSync(file, Buffer.alloc(65_536)); // a full disk still makes empty files
      } finally {
        closeSync(file);
      }
    } finally {
      rmSync(probe, { force: true });
    }
  } catch (error) {
    throw new DataFolderError(
      dataFolderFault(dir, error) ??
        `The data folder ${dir} cannot be used (${error instanceof Error ? error.message : String(error)}). Mend it, ${NEXT}`,
      { cause: error },
    );
  }
}

/** A secret that was set, else one made on first start and kept in the data folder, readable by its owner only. Never half of one. */
export function keptSecret(dir: string, name: string, given: string | undefined): string {
  if (given !== undefined) return given;
  const file = path.join(dir, name);
  const read = (): string => {
    try {
      return readFileSync(file, "utf8").trim();
    } catch (error) {
      if (code(error) === "ENOENT") return "";
      throw error;
    }
  };
  if (read().length < 32) {
    rmSync(file, { force: true }); // an empty file: an older version was killed between making and writing it
    const draft = `${file}.${process.pid}`;
    rmSync(draft, { force: true });
    const open = openSync(draft, "wx", 0o600);
    writeSync(open, randomBytes(32).toString("hex"));
    closeSync(open);
    linkSync(draft, file);
    rmSync(draft);
  }
  return read();
}

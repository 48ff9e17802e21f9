import { createReadStream, type Dirent, lstatSync, readdirSync, readFileSync, type Stats, statSync } from "node:fs";
import path from "node:path";
import type { Readable } from "node:stream";

export const MAX_FILE_BYTES = 64 * 1024 * 1024;
const MAX_FILES = 20_000;
/** How everything begins that a template is filled in by. */
export const OPENING = "{{";

/** Something that could not be read; `line` counts from 1. */
export interface Problem {
  file: string;
  line?: number;
  message: string;
}
/** Something below a folder that was not read, though it may hold manifests. */
export interface Skipped {
  file: string;
  skipped: string;
}
/** A file to be read, or `-`. `named`: the person named this very file, so it must hold Kubernetes objects. */
export interface Found {
  file: string;
  named: boolean;
}
/** A text to judge. */
export interface Source extends Found {
  text: string;
}

/** Files of the given paths in order, folders walked by name; hidden entries and node_modules are passed over. */
export function* findSources(paths: readonly string[]): Generator<Found | Problem | Skipped> {
  const pipes = new Set<string>();
  for (const given of paths) {
    const stats = given === "-" ? null : statsOf(given);
    if (stats !== null && "message" in stats) yield stats;
    else if (stats?.isDirectory() !== true) {
      const pipe = stats?.isFIFO() === true ? `${stats.dev}:${stats.ino}` : null;
      // Who opens it again waits for somebody to write into it again.
      if (pipe !== null && pipes.has(pipe))
        yield { file: given, message: "was named before: a pipe can be read once." };
      else yield { file: given, named: true };
      if (pipe !== null) pipes.add(pipe);
    } else yield* findInFolder(given);
  }
}

/** Reads what was found; standard input for `-`, and to its end a pipe that was named: `check <(helm template chart)`. */
export async function readSource(found: Found, stdin: Readable): Promise<Source | Problem> {
  if (found.file === "-") return readStream("-", stdin);
  const read = readFile(found);
  return "message" in read && found.named && isPipe(found.file)
    ? readStream(found.file, createReadStream(found.file))
    : read;
}

function isFolder(file: string): boolean {
  const stats = statsOf(file);
  return !("message" in stats) && stats.isDirectory();
}
const isPipe = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isFIFO() === true;

function statsOf(given: string): Stats | Problem {
  try {
    return statSync(given);
  } catch (error) {
    return { file: given, message: reason(error, given) };
  }
}

/** Reads a file. */
export function readFile({ file, named }: Found): Source | Problem {
  try {
    const stats = statSync(file);
    if (!stats.isFile()) return { file, message: "is no regular file." };
    if (stats.size > MAX_FILE_BYTES) return { file, message: `is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB.` };
    const text = readFileSync(file, "utf8");
    // What is no UTF-8 becomes this sign, which may also have been written; of most files it need not be asked which.
    return text.includes(REPLACEMENT) ? decode(file, readFileSync(file), named) : { file, text, named };
  } catch (error) {
    return { file, message: reason(error, file) };
  }
}

const REPLACEMENT = "\uFFFD";
/** Made once: it keeps nothing of what it decoded. */
const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** A byte order mark of UTF-16, as Windows' shells write, is believed: `kubectl` reads such files too. */
const UTF16 = { fffe: "utf-16le", feff: "utf-16be" } as const;

function decode(file: string, bytes: Buffer, named: boolean): Source | Problem {
  const mark = bytes.toString("hex", 0, 2);
  const decoder = mark === "fffe" || mark === "feff" ? new TextDecoder(UTF16[mark], { fatal: true }) : UTF8;
  try {
    return { file, text: decoder.decode(bytes), named };
  } catch {
    return { file, message: "is not UTF-8 text." };
  }
}

function* findInFolder(folder: string): Generator<Found | Problem | Skipped> {
  const folders = [folder];
  let count = 0;
  for (let next = folders.shift(); next !== undefined; next = folders.shift()) {
    let entries: Dirent[];
    try {
      entries = readdirSync(next, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      yield { file: next, message: reason(error, next) };
      continue;
    }
    const below: string[] = [];
    for (const entry of entries) {
      const file = path.join(next, entry.name);
      if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
      if (entry.isDirectory()) below.push(file);
      else if (entry.isSymbolicLink() && isFolder(file)) {
        yield { file, skipped: "a link to a folder, which is not followed. Name it to have it judged." };
      } else if (/\.(ya?ml|json)$/i.test(entry.name)) {
        count += 1;
        if (count > MAX_FILES) {
          yield { file: folder, message: `holds more than ${MAX_FILES} files; the rest was not read.` };
          return;
        }
        yield { file, named: false };
      }
    }
    folders.unshift(...below);
  }
  if (count === 0) yield { file: folder, message: "holds no .yaml, .yml or .json file." };
}

async function readStream(file: string, stream: Readable): Promise<Source | Problem> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > MAX_FILE_BYTES) return { file, message: `is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB.` };
      chunks.push(bytes);
    }
  } catch (error) {
    return { file, message: reason(error, file) };
  }
  return decode(file, Buffer.concat(chunks), true);
}

const REASONS: Readonly<Record<string, string>> = {
  EISDIR: "is a folder.",
  ENOENT: "does not exist.",
  EACCES: "may not be read: permission is denied.",
  EPERM: "may not be read: permission is denied.",
  ENOTDIR: "does not exist: a part of the path is no folder.",
  ELOOP: "is a link that leads in circles.",
  ENAMETOOLONG: "is no path: it is too long.",
};

/** Why something can't be read, as what is said behind its name. */
export function reason(error: unknown, file: string): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT" && lstatSync(file, { throwIfNoEntry: false }) !== undefined)
    return "is a link to what does not exist.";
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}

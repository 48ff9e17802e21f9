import { env } from "./env";

const LEVELS = { debug: 0, info: 1, warn: 2, error: 3 } as const;
type Level = keyof typeof LEVELS;

/** Control characters would let a cluster's words forge log lines or move a terminal's cursor. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
const clean = (text: string): string =>
  text.replace(CONTROL, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** A complaint may be written so often within so long; what comes after is counted. A database that is away is asked for many times a second. */
const OFTEN = 3;
const WINDOW_MS = 10_000;
const REMEMBERED = 200;
/** What tells otherwise equal complaints apart and helps nobody: ids, and which of its many pollers pg-boss speaks for. */
const INCIDENTAL = /\s*\(Queue: [^)]*\)|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const complaints = new Map<string, { written: number; held: number }>();

function emit(level: Level, text: string): void {
  const line = `${new Date().toISOString()} ${level.padEnd(5)} ${text}`;
  (level === "error" || level === "warn" ? process.stderr : process.stdout).write(`${line.slice(0, 8000)}\n`);
}

/** Whether the same complaint was written too often of late; it is then counted, and the count written when the window ends. */
function isFlood(level: Level, text: string): boolean {
  if (LEVELS[level] < LEVELS.warn) return false;
  const key = `${level} ${text.replace(INCIDENTAL, "")}`;
  const known = complaints.get(key);
  if (known === undefined) {
    if (complaints.size >= REMEMBERED) return false;
    const fresh = { written: 1, held: 0 };
    complaints.set(key, fresh);
    setTimeout(() => {
      complaints.delete(key);
      if (fresh.held > 0) emit(level, `${text} (and ${fresh.held} times more in ${WINDOW_MS / 1000} s)`);
    }, WINDOW_MS).unref();
    return false;
  }
  if (known.written < OFTEN) {
    known.written += 1;
    return false;
  }
  known.held += 1;
  return true;
}

function write(level: Level, room: string, message: string, fields: Readonly<Record<string, unknown>>): void {
  if (LEVELS[level] < LEVELS[env().LOG_LEVEL]) return;
  const extra = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${clean(typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined"))}`,
  );
  const text = `${room} ${clean(message)}${extra.join("")}`;
  if (!isFlood(level, text)) emit(level, text);
}

export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** One line per event, `time level room message key=value`. Never hand it a secret. */
export const logFor = (room: string): Log => ({
  debug: (message, fields = {}) => write("debug", room, message, fields),
  info: (message, fields = {}) => write("info", room, message, fields),
  warn: (message, fields = {}) => write("warn", room, message, fields),
  error: (message, fields = {}) => write("error", room, message, fields),
});

const MAX_DEPTH = 5;
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/**
 * The message of anything thrown, with its causes, bounded. An AggregateError (every address of a host refused) says nothing
 * itself: its parts do. A plain object with a message, as pg-boss emits them, counts as an error.
 */
export function reasonOf(error: unknown, depth = 0): string {
  if (typeof error !== "object" || error === null) return String(error).slice(0, 500);
  const { message, code, cause, errors } = error as Record<string, unknown>; // read as unknown, each checked below
  const inner = Array.isArray(errors) && depth < MAX_DEPTH ? errors.map((each) => reasonOf(each, depth + 1)) : [];
  const said = text(message) || [...new Set(inner)].join("; ") || text(code);
  const own = said || (error instanceof Error ? error.name : (JSON.stringify(error) ?? "").slice(0, 500));
  const because = cause === undefined || cause === null || depth >= MAX_DEPTH ? "" : `: ${reasonOf(cause, depth + 1)}`;
  return `${own}${because}`.slice(0, 1000);
}

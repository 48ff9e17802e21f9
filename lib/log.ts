import { env } from "./env";

const LEVELS = { debug: 0, info: 1, warn: 2, error: 3 } as const;
type Level = keyof typeof LEVELS;

/** Control characters would let a cluster's words forge log lines or move a terminal's cursor. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
const clean = (text: string): string =>
  text.replace(CONTROL, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

function write(level: Level, room: string, message: string, fields: Readonly<Record<string, unknown>>): void {
  if (LEVELS[level] < LEVELS[env().LOG_LEVEL]) return;
  const extra = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${clean(typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined"))}`,
  );
  const line = `${new Date().toISOString()} ${level.padEnd(5)} ${room} ${clean(message)}${extra.join("")}`;
  (level === "error" || level === "warn" ? process.stderr : process.stdout).write(`${line.slice(0, 8000)}\n`);
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

/** The message of anything thrown, with its causes, bounded. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, 500);
  const cause = error.cause === undefined ? "" : `: ${reasonOf(error.cause)}`;
  return `${error.message}${cause}`.slice(0, 1000);
}

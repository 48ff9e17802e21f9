import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Who may import whom, besides `lib` and itself. `a/*` + `/b` patterns are path prefixes; see the design's import table. */
const MAY: Record<string, readonly string[]> = {
  lib: ["prisma"],
  cel: [],
  simulator: [],
  components: [],
  "domain/access": ["prisma"],
  "domain/views": ["domain/access", "prisma"],
  connectors: ["domain/inventory/schema", "domain/detections/schema", "domain/images/schema"],
  "domain/inventory": ["domain/access", "prisma"],
  "domain/posture": ["domain/inventory", "cel", "domain/access", "prisma"],
  "domain/benchmark": ["domain/posture", "domain/inventory", "domain/access", "prisma"],
  "domain/accounts": [
    "domain/inventory",
    "domain/access",
    "connectors/*/schema",
    "connectors/*/permissions",
    "connectors/connector",
    "prisma",
  ],
  "domain/notifications": ["domain/access", "prisma"],
  worker: ["domain", "connectors"],
  cli: ["domain", "connectors"],
  app: ["domain", "components", "connectors/*/schema", "connectors/*/permissions"],
  scripts: ["domain", "connectors", "worker", "cel", "cli"],
  e2e: [],
};
/** Domain rooms have UI with domain words in `components/`, which may use the UI without them. */
const EVERY_DOMAIN_ROOM = ["components"];

/** Exceptions; this list only shrinks. */
const EXCEPTIONS: readonly string[] = [];

const rooms = Object.keys(MAY).sort((a, b) => b.length - a.length);
const roomOf = (file: string): string | undefined => rooms.find((room) => file === room || file.startsWith(`${room}/`));
const matches = (target: string, pattern: string): boolean =>
  new RegExp(`^${pattern.replaceAll("*", "[^/]+")}(/|$)`).test(target);

/** Files that speak to the database, by the design's closed set. */
const STORES = /(^|\/)(queries|mutations|store)\.ts$/;
/** `lib` is where the database comes from (pool, jobs, events, migrations, COPY, cursors); scripts start databases, fill demos and measure. */
const BESIDE_THE_STORES = /^(lib|scripts|e2e|simulator)\/|\/testing\/|\.test\.tsx?$/;
/** The sign-in library wants the client itself. This list only shrinks. */
const HANDS_THE_CLIENT_ON: readonly string[] = ["domain/access/auth.ts"];

/** What is wrong with how a file reaches the database: only queries, mutations and stores send statements. Null: nothing. */
export function databaseFault(file: string, text: string): string | null {
  if (STORES.test(file) || BESIDE_THE_STORES.test(file) || HANDS_THE_CLIENT_ON.includes(file)) return null;
  const sends = /\.query\s*[<(]|\bprisma\(\)/.test(text);
  const opens = file.startsWith("domain/") && !file.endsWith("/actions.ts") && /from "@\/lib\/db"/.test(text);
  return sends || opens ? `${file}: only queries.ts, mutations.ts and store.ts reach the database` : null;
}

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const relative = path.join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== "generated" && entry.name !== "node_modules") yield* sources(relative);
    else if (/\.(ts|tsx|mts|mjs)$/.test(entry.name)) yield relative;
  }
}

/** Every import that the table forbids, every file over 300 lines or with a forbidden name, and every statement outside the stores, as lines for a person. */
export function structureFaults(): string[] {
  const faults: string[] = [];
  for (const top of [
    "lib",
    "cel",
    "simulator",
    "components",
    "domain",
    "connectors",
    "worker",
    "cli",
    "app",
    "scripts",
    "e2e",
  ]) {
    for (const file of sources(top)) {
      const text = readFileSync(path.join(root, file), "utf8");
      const lines = text.split("\n").length;
      if (lines > 301) faults.push(`${file}: ${lines} lines; over 300 is two files`);
      if (/(^|\/)(utils?|helpers?|common|types|manager|service)\.(ts|tsx)$/.test(file))
        faults.push(`${file}: says nothing about what it holds; name it`);
      const reaches = databaseFault(file, text);
      if (reaches !== null) faults.push(reaches);
      const room = roomOf(file);
      if (room === undefined || file.endsWith(".test.ts")) continue; // a test may bring two rooms together
      for (const match of text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)) {
        const named = match[1] ?? "";
        const target = named.startsWith("@/")
          ? named.slice(2)
          : named.startsWith(".")
            ? path.join(path.dirname(file), named)
            : undefined;
        if (target === undefined) continue;
        const other = roomOf(target) ?? target;
        if (other === room || other === "lib" || target.startsWith("lib/")) {
          if (room === "simulator" && target.startsWith("lib"))
            faults.push(`${file}: the simulator imports nothing of ours (${named})`);
          continue;
        }
        const allowed = [...(MAY[room] ?? []), ...(room.startsWith("domain/") ? EVERY_DOMAIN_ROOM : [])];
        const fault = `${file}: ${room} may not import ${target}`;
        if (!allowed.some((pattern) => matches(target, pattern)) && !EXCEPTIONS.includes(fault)) faults.push(fault);
      }
    }
  }
  return faults;
}

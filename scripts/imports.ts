import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Who may import whom, besides `lib` and itself: the design's table, and what docs/decisions/0014 adds to it. Prefixes of paths; `*` is
 * one folder. A room that is not there yet has its row all the same.
 */
const MAY: Record<string, readonly string[]> = {
  lib: ["prisma/generated"],
  cel: [],
  simulator: [],
  components: [],
  connectors: ["domain/inventory/schema", "domain/detections/schema", "domain/images/schema"],
  "domain/access": [],
  "domain/views": ["domain/access"],
  "domain/inventory": ["domain/access"],
  "domain/posture": ["domain/inventory", "cel", "domain/access"],
  "domain/benchmark": ["domain/posture", "domain/inventory", "domain/access"],
  "domain/detections": ["domain/inventory", "cel", "domain/access"],
  "domain/images": ["domain/inventory", "domain/posture/schema", "domain/access"],
  "domain/accounts": ["domain/inventory", "connectors/*/schema", "connectors/*/permissions", "domain/access"],
  "domain/graph": ["domain/inventory", "domain/posture", "domain/detections", "domain/images", "domain/access"],
  "domain/notifications": ["domain/access"],
  worker: ["domain", "connectors"],
  ingest: ["connectors/*/audit", "domain/detections", "domain/images", "domain/inventory", "domain/access"],
  collector: ["connectors/kubernetes", "domain/inventory/schema"],
  cli: ["domain", "connectors"],
  app: ["domain", "components", "connectors/*/schema", "connectors/*/permissions"],
  scripts: ["domain", "connectors", "worker", "cel", "cli"],
  e2e: [],
};
/** UI with domain words, in a room's own `components/`, uses the UI without them. */
const OF_A_ROOMS_COMPONENTS = ["components"];

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
  if (!existsSync(path.join(root, folder))) return;
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const relative = path.join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== "generated" && entry.name !== "node_modules") yield* sources(relative);
    else if (/\.(ts|tsx|mts|mjs)$/.test(entry.name)) yield relative;
  }
}

/** The imports of a file that the table forbids, as lines for a person. A test may bring two rooms together. */
export function importFaults(file: string, text: string): string[] {
  const room = roomOf(file);
  if (room === undefined) return [`${file}: this room has no row in the import table`];
  if (/\.test\.tsx?$/.test(file)) return [];
  const allowed = [...(MAY[room] ?? []), ...(/^domain\/.*\/components\//.test(file) ? OF_A_ROOMS_COMPONENTS : [])];
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].flatMap(([, named = ""]) => {
    const target = named.startsWith("@/") ? named.slice(2) : path.join(path.dirname(file), named);
    if (!named.startsWith("@/") && !named.startsWith(".")) return [];
    const other = roomOf(target);
    if (other === room || (other === "lib" && room !== "simulator")) return [];
    return allowed.some((pattern) => matches(target, pattern)) ? [] : [`${file}: ${room} may not import ${target}`];
  });
}

/** Every import that the table forbids, every file over 300 lines or with a forbidden name, and every statement outside the stores, as lines for a person. */
export function structureFaults(): string[] {
  const faults: string[] = [];
  for (const top of new Set(rooms.map((room) => room.split("/")[0] ?? room))) {
    for (const file of sources(top)) {
      const text = readFileSync(path.join(root, file), "utf8");
      const lines = text.split("\n").length;
      if (lines > 301) faults.push(`${file}: ${lines} lines; over 300 is two files`);
      if (/(^|\/)(utils?|helpers?|common|types|manager|service)\.(ts|tsx)$/.test(file))
        faults.push(`${file}: says nothing about what it holds; name it`);
      const reaches = databaseFault(file, text);
      if (reaches !== null) faults.push(reaches);
      faults.push(...importFaults(file, text));
    }
  }
  return faults;
}

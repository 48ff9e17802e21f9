import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newKey } from "./certificate";

interface Stored {
  seed: number;
  anchor: string;
  keys: Record<string, string>;
  ports: Record<string, number>;
}

/** What must survive a restart: day zero, private keys (so CAs and tokens stay) and ports. Without a folder it lives in memory. */
export interface State {
  anchor: Date;
  key(name: string): string;
  port(name: string): number;
  rememberPort(name: string, port: number): void;
}

const read = (file: string, seed: number): Stored | undefined => {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  const stored = JSON.parse(text) as Stored;
  return stored.seed === seed ? stored : undefined;
};

export function openState(folder: string | undefined, seed: number, anchor: Date): State {
  const file = folder === undefined ? undefined : join(folder, "simulator.json");
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stored = (file === undefined ? undefined : read(file, seed)) ?? {
    seed,
    anchor: anchor.toISOString(),
    keys: {},
    ports: {},
  };
  const save = () => {
    if (file === undefined) return;
    writeFileSync(`${file}.new`, JSON.stringify(stored), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  save();
  return {
    anchor: new Date(stored.anchor),
    key(name) {
      const known = stored.keys[name];
      if (known !== undefined) return known;
      const made = newKey();
      stored.keys[name] = made;
      save();
      return made;
    },
    port: (name) => stored.ports[name] ?? 0,
    rememberPort(name, port) {
      if (stored.ports[name] === port) return;
      stored.ports[name] = port;
      save();
    },
  };
}

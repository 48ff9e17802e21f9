import { createHash, randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CryptoError, type EncryptionKey, type KeyRing } from "./crypto";
import { dataDir, env } from "./env";

const KEY_FILE = "secrets.key";

function keyFrom(base64: string, source: string): EncryptionKey {
  const key = Buffer.from(base64, "base64");
  if (key.length !== 32 || key.toString("base64") !== base64) {
    throw new CryptoError("bad_key", `${source} is not 32 bytes in base64. Make one with: openssl rand -base64 32`);
  }
  return { kid: createHash("sha256").update("seawall-kid").update(key).digest("hex").slice(0, 16), key };
}

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";
const isTaken = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EEXIST";

/** The keys of a key file, newest first; empty when there is none. Errors: CryptoError. */
function readKeyFile(file: string): EncryptionKey[] {
  let text: string;
  try {
    if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) {
      throw new CryptoError("key_file", `${file} may be read by others. Run: chmod 600 ${file}`);
    }
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (isMissing(error)) return [];
    if (error instanceof CryptoError) throw error;
    throw new CryptoError("key_file", `${file} cannot be read. Check its owner and mode.`, { cause: error });
  }
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0)
    throw new CryptoError(
      "key_file",
      `${file} is empty. Restore it from a backup, or remove it if no credential was stored.`,
    );
  return lines.map((line) => keyFrom(line.trim(), file));
}

const writePrivate = (file: string, keys: readonly EncryptionKey[]): void => {
  writeFileSync(file, `${keys.map(({ key }) => key.toString("base64")).join("\n")}\n`, { mode: 0o600, flag: "wx" });
  chmodSync(file, 0o600);
};

/** Creates the key file unless another process was faster; a reader never sees half a file. */
function createKeyFile(file: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writePrivate(draft, [keyFrom(randomBytes(32).toString("base64"), file)]);
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!isTaken(error))
      throw new CryptoError("key_file", `${file} cannot be written. Check the data folder's owner.`, { cause: error });
  } finally {
    rmSync(draft, { force: true });
  }
}

const ringOf = (keys: readonly [EncryptionKey, ...EncryptionKey[]]): KeyRing => ({
  current: keys[0],
  keys: new Map(keys.map((key) => [key.kid, key])),
});

/** Where an installation's keys come from: `key` is SEAWALL_KEY, `previous` the one that it replaced. */
export interface KeySource {
  key?: string | undefined;
  previous?: string | undefined;
  dataDir: string;
}

/** The key ring that this process's settings name. Errors: CryptoError `bad_key`, `key_file`. */
export const keyRing = (): KeyRing =>
  loadKeyRing({ key: env().SEAWALL_KEY, previous: env().SEAWALL_KEY_PREVIOUS, dataDir: dataDir() });

/**
 * The key ring of an installation: `key` first when given, then the previous one, then the key file in `dataDir`, which is made
 * on first start (mode 0600) when there is no `key`. Errors: CryptoError `bad_key`, `key_file`.
 */
export function loadKeyRing(options: KeySource): KeyRing {
  const file = path.join(options.dataDir, KEY_FILE);
  const older = options.previous === undefined ? [] : [keyFrom(options.previous, "SEAWALL_KEY_PREVIOUS")];
  if (options.key !== undefined) return ringOf([keyFrom(options.key, "SEAWALL_KEY"), ...older, ...readKeyFile(file)]);
  let [first, ...rest] = readKeyFile(file);
  if (!first) {
    createKeyFile(file);
    [first, ...rest] = readKeyFile(file);
  }
  if (!first) throw new CryptoError("key_file", `${file} vanished while it was read.`);
  return ringOf([first, ...rest, ...older]);
}

/** Puts a new key before the old ones in the key file. Then `rewrap` every stored secret; old keys stay readable. */
export function rotateKeyFile(dataDir: string): KeyRing {
  const file = path.join(dataDir, KEY_FILE);
  const keys = [keyFrom(randomBytes(32).toString("base64"), file), ...readKeyFile(file)] as const;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writePrivate(draft, keys);
  renameSync(draft, file);
  return ringOf(keys);
}

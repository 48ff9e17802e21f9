import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dataFolderFault, keptSecret, prepareDataFolder } from "./data-folder";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "seawall-folder-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const NEXT_STEP = /SEAWALL_DATA_DIR/;

test("a folder is made with those above it, entered by others but not listed, and left clean", () => {
  const dir = path.join(folder, "a/b/c");
  prepareDataFolder(dir);
  prepareDataFolder(dir);
  expect(statSync(dir).mode & 0o777).toBe(0o711);
  expect(readdirSync(dir)).toEqual([]);
});

test("a file in its place, or above it, is said with what to do next", () => {
  writeFileSync(path.join(folder, "file"), "");
  for (const dir of ["file", "file/below"]) {
    expect(() => prepareDataFolder(path.join(folder, dir))).toThrow(/is not a folder: a file is in its place/);
    expect(() => prepareDataFolder(path.join(folder, dir))).toThrow(NEXT_STEP);
  }
});

test.runIf(existsSync("/proc/self"))("where no folder can be made, it ends and says so", () => {
  expect(() => prepareDataFolder("/proc/nope")).toThrow(/cannot be made there.*SEAWALL_DATA_DIR/);
  expect(() => prepareDataFolder("/proc/nope/deeper")).toThrow(NEXT_STEP);
});

test.runIf(existsSync("/sys/kernel"))("a folder that may not be written is said", () => {
  expect(() => prepareDataFolder("/sys/kernel")).toThrow(NEXT_STEP); // root may write nearly anywhere; not here
});

test.skipIf(process.getuid?.() === 0)("another's folder is said", () => {
  mkdirSync(path.join(folder, "closed"), { mode: 0o500 });
  expect(() => prepareDataFolder(path.join(folder, "closed/data"))).toThrow(/may not be written by this user/);
});

test("a full disk has its own words, and other trouble is not taken for the folder's", () => {
  expect(dataFolderFault("/data", Object.assign(new Error("ENOSPC"), { code: "ENOSPC" }))).toMatch(/disk .* is full/);
  expect(dataFolderFault("/data", new Error("syntax error"))).toBeUndefined();
});

test("a secret is made once, for its owner only; half of one is made anew; a given one wins", () => {
  const first = keptSecret(folder, "session.secret", undefined);
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(keptSecret(folder, "session.secret", undefined)).toBe(first);
  expect(statSync(path.join(folder, "session.secret")).mode & 0o777).toBe(0o600);
  writeFileSync(path.join(folder, "session.secret"), "");
  expect(keptSecret(folder, "session.secret", undefined)).toMatch(/^[0-9a-f]{64}$/);
  expect(keptSecret(folder, "session.secret", "given")).toBe("given");
  expect(readFileSync(path.join(folder, "session.secret"), "utf8")).not.toBe("given");
  expect(readdirSync(folder)).toEqual(["session.secret"]);
});

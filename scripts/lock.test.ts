import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AlreadyRunning, takeLock } from "./lock";

let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "seawall-lock-"));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** A process of its own that says it is there, waits for "go", tries the lock, says what came of it and lives on. */
const CONTENDER = `
  import { takeLock } from ${JSON.stringify(path.resolve("scripts/lock.ts"))};
  console.log("there");
  process.stdin.once("data", () => {
    try { takeLock(process.argv[1]); console.log("took"); } catch (error) { console.log(error.name); }
  });`;

async function contender(): Promise<ChildProcess> {
  // Type stripping is Node's own: eight compilers at once would take longer than the test.
  const child = spawn(
    process.execPath,
    ["--experimental-strip-types", "--input-type=module", "-e", CONTENDER, folder],
    {
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  children.push(child);
  expect(await nextLine(child)).toBe("there");
  return child;
}
const nextLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    child.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
    child.once("exit", (code) => reject(new Error(`the contender ended with ${code}`)));
  });
const ended = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.once("exit", resolve));

test("of eight that start at once over a dead one's lock, one takes it, round after round", async () => {
  for (let round = 0; round < 2; round++) {
    writeFileSync(path.join(folder, "seawall.lock"), round === 0 ? "999999 1" : ""); // as an older version left it
    const eight = await Promise.all(Array.from({ length: 8 }, contender));
    const answers = eight.map(nextLine);
    for (const child of eight) child.stdin?.write("go\n");
    expect((await Promise.all(answers)).sort()).toEqual([...Array(7).fill("AlreadyRunning"), "took"]);
    const gone = eight.map(ended);
    for (const child of eight) child.kill("SIGKILL"); // the holder too: the next round finds its lock free
    await Promise.all(gone);
  }
}, 60_000);

test("the second is told who runs and how to go on; after a release it may", () => {
  const lock = takeLock(folder);
  expect(readFileSync(path.join(folder, "seawall.lock"), "utf8")).toBe(String(process.pid));
  expect(() => takeLock(folder)).toThrow(AlreadyRunning);
  expect(() => takeLock(folder)).toThrow(
    `(process ${process.pid}). It was left alone. Stop it first, or set SEAWALL_DATA_DIR`,
  );
  lock.release();
  expect(existsSync(path.join(folder, "seawall.lock"))).toBe(false);
  takeLock(folder).release();
});

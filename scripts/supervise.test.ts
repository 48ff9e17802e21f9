import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sleep } from "@/lib/time";
import { systemEnv } from "./process-env";
import { type Child, Supervisor } from "./supervise";

let folder: string;
let said: string[];
let supervisor: Supervisor;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "seawall-supervise-"));
  said = [];
  supervisor = new Supervisor((line) => said.push(line), 20);
});
afterEach(async () => {
  await supervisor.stop(200);
  rmSync(folder, { recursive: true, force: true });
});

const STAY = "process.send?.('up'); setInterval(() => {}, 1000);";
const child = (code: string, more: Partial<Child> = {}): Child => ({
  name: "child",
  args: ["-e", code],
  env: systemEnv(),
  ...more,
});
async function until(what: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !what(); await sleep(20)) if (Date.now() > end) throw new Error("never came");
}
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // ESRCH: gone
  }
};

test("a killed child is started again, and it is said", async () => {
  let ups = 0;
  supervisor.start(child(STAY, { onMessage: () => void ups++ }));
  await until(() => ups === 1);
  const first = supervisor.pid("child") ?? 0;
  process.kill(first, "SIGKILL");
  await until(() => ups === 2);
  expect(supervisor.pid("child")).not.toBe(first);
  expect(said).toEqual(["child ended (SIGKILL); starting it again in 0.02 s"]);
});

test("one that keeps dying waits twice as long each time", async () => {
  supervisor.start(child("process.exit(3)"));
  await until(() => said.length === 4);
  expect(said.map((line) => /again in (\S+) s/.exec(line)?.[1])).toEqual(["0.02", "0.04", "0.08", "0.16"]);
  expect(said[0]).toContain("code 3");
});

test("what it does before a start may fail, and counts as an end; who is told may end it for good", async () => {
  let tries = 0;
  const ends: string[] = [];
  supervisor.start(
    child(STAY, {
      before: async () => {
        tries += 1;
        throw new Error("the port is taken");
      },
      onEnd: (how) => ends.push(how) === 2,
    }),
  );
  await until(() => ends.length === 2);
  await sleep(150);
  expect([tries, ends]).toEqual([2, ["the port is taken", "the port is taken"]]);
  expect(supervisor.pid("child")).toBeUndefined();
});

test("stop drains, kills what does not drain, and starts nothing again", async () => {
  const drained = path.join(folder, "drained");
  let ups = 0;
  const onMessage = (): void => void ups++;
  const gentle = `process.on("SIGTERM", () => { require("node:fs").writeFileSync(${JSON.stringify(drained)}, "yes"); process.exit(0); });`;
  supervisor.start(child(`${gentle}${STAY}`, { name: "gentle", onMessage }));
  supervisor.start(child(`process.on("SIGTERM", () => {});${STAY}`, { name: "deaf", onMessage }));
  await until(() => ups === 2);
  const pids = ["gentle", "deaf"].map((name) => supervisor.pid(name) ?? 0);
  await supervisor.stop(300);
  expect(readFileSync(drained, "utf8")).toBe("yes");
  expect(pids.map(isAlive)).toEqual([false, false]);
  expect(said).toEqual(["deaf did not drain in 0.3 s; ending it (its work is taken up on the next start)"]);
  await sleep(100);
  expect(ups).toBe(2);
});

test("a child gets the environment it is given and nothing of ours", async () => {
  process.env.SEAWALL_KEY = "nobody-else-may-see";
  const lines: string[] = [];
  supervisor.start(
    child("console.log(JSON.stringify(process.env)); setInterval(() => {}, 1000)", {
      env: { ...systemEnv(), MINE: "1" },
      onLine: (line) => lines.push(line),
    }),
  );
  await until(() => lines.length === 1);
  delete process.env.SEAWALL_KEY;
  expect(JSON.parse(lines[0] ?? "{}")).toMatchObject({ MINE: "1" });
  expect(lines[0]).not.toContain("nobody-else-may-see");
});

import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemEnv } from "./process-env";

let folder: string;
const children: ChildProcess[] = [];
beforeAll(() => {
  folder = mkdtempSync(path.join(existsSync("/var/tmp") ? "/var/tmp" : os.tmpdir(), "seawall-start-"));
  chmodSync(folder, 0o711);
});
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

interface Start {
  child: ChildProcess;
  text(): string;
  /** Resolves when the text holds this; rejects when the process ends before. */
  says(what: string): Promise<void>;
  ended: Promise<number | null>;
}
/** Runs the real start script. */
function start(settings: Record<string, string>): Start {
  const child = spawn(process.execPath, ["--conditions=react-server", "--import", "tsx", "scripts/start.ts"], {
    env: { ...systemEnv(), ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      child.emit("said");
    });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const says = (what: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => (text.includes(what) ? resolve() : undefined);
      child.on("said", look);
      child.once("close", () => reject(new Error(`it ended before it said "${what}":\n${text}`)));
      look();
    });
  return { child, text: () => text, says, ended };
}

/** PostgreSQL processes of a data folder. */
const servers = (dir: string): string[] =>
  readdirSync("/proc").filter((entry) => {
    try {
      return /^\d+$/.test(entry) && readFileSync(`/proc/${entry}/cmdline`, "utf8").includes(`${dir}/postgres`);
    } catch {
      return false; // it ended while we looked
    }
  });

test("what cannot be used stops the start with its name, the reason and what to do", async () => {
  writeFileSync(path.join(folder, "file"), "");
  const wrong: [Record<string, string>, RegExp][] = [
    [{ PORT: "0", SEAWALL_URL: "https://u:hunter2@x.example" }, /PORT: .*Example: PORT=8080\n.*SEAWALL_URL: .*Example/],
    [{ SEAWALL_DATA_DIR: path.join(folder, "file") }, /is not a folder.*set SEAWALL_DATA_DIR/],
    [{ SEAWALL_DATA_DIR: "/proc/nope" }, /cannot be made there.*set SEAWALL_DATA_DIR/],
    [
      { SEAWALL_DATA_DIR: path.join(folder, "a"), DATABASE_URL: "postgresql://u:hunter2@127.0.0.1:1/x", PORT: "5118" },
      /DATABASE_URL: the database x on 127.0.0.1:1 cannot be used/,
    ],
    [
      { SEAWALL_DATA_DIR: path.join(folder, "b"), SEAWALL_OIDC_ISSUER: "https://login.example.com" },
      /SEAWALL_OIDC_CLIENT_ID: is not set, but SEAWALL_OIDC_ISSUER needs it too\. Example: SEAWALL_OIDC_CLIENT_ID=/,
    ],
  ];
  const runs = wrong.map(([settings, reason]) => ({ run: start(settings), reason }));
  for (const { run, reason } of runs) {
    expect(await run.ended).toBe(1);
    expect(run.text()).toContain("Seawall could not start.");
    expect(run.text()).toMatch(reason);
    expect(run.text()).not.toMatch(/hunter2|\n {4}at /);
  }
}, 120_000);

test("where another program answers, no link is made or shown, and it is not even asked", async () => {
  const asked: string[] = [];
  const foreign = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.end("ok");
  });
  await new Promise<void>((resolve) => foreign.listen(0, "127.0.0.1", resolve));
  const address = foreign.address();
  const port = String(typeof address === "object" ? address?.port : 0);
  const run = start({ SEAWALL_DATA_DIR: path.join(folder, "taken"), PORT: port });
  try {
    expect(await run.ended).toBe(1);
    expect(run.text()).toContain(`PORT: another program listens on 127.0.0.1:${port}. It was left alone.`);
    expect(run.text()).not.toMatch(/token=|Cannot use a pool|EADDRINUSE/);
    expect(asked).toEqual([]);
  } finally {
    foreign.close();
  }
}, 120_000);

test.runIf(existsSync("/proc/self"))(
  "SIGTERM while the database starts leaves no server; a second start leaves the first one's alone",
  async () => {
    const dir = path.join(folder, "early");
    const settings = { SEAWALL_DATA_DIR: dir, PORT: "5117" };
    const first = start(settings);
    await first.says("starting the embedded PostgreSQL");
    first.child.kill("SIGTERM");
    expect(await first.ended).toBe(0);
    expect(first.text()).toContain("stopped");
    expect(first.text()).not.toContain("could not start");
    expect(servers(dir)).toEqual([]);

    const second = start(settings);
    await second.says("database ready");
    const before = servers(dir).length;
    const third = start(settings);
    expect(await third.ended).toBe(1);
    expect(third.text()).toMatch(/already runs on .*\(process \d+\)\. It was left alone/);
    expect(servers(dir).length).toBeGreaterThanOrEqual(Math.min(before, 1));
    expect(before).toBeGreaterThan(0);
    second.child.kill("SIGTERM");
    expect(await second.ended).toBe(0);
    expect(second.text()).not.toContain("could not start");
    expect(servers(dir)).toEqual([]);
  },
  180_000,
);

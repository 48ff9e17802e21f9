import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

/** Starts the estate as a process with an IPC channel and waits for its ready line. */
const start = (
  ...args: string[]
): Promise<{ child: ChildProcess; control: string; endpoints: Record<string, string> }> => {
  const child = spawn(process.execPath, ["--import", "tsx", "simulator/main.ts", ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  started.push(child);
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the simulator ended with ${code}`)));
    child.stdout?.once("data", (line: Buffer) => {
      const ready = JSON.parse(line.toString()) as {
        ready: boolean;
        control: string;
        endpoints: Record<string, string>;
      };
      if (ready.ready) resolve({ child, ...ready });
    });
  });
};
const exit = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once("exit", resolve));
const ask = async (url: string, init?: RequestInit): Promise<unknown> => (await fetch(url, init)).json();
const post = (body: unknown): RequestInit => ({ method: "POST", body: JSON.stringify(body) });

describe("the process", () => {
  it("is ready with all wires, connects seven accounts, moves its clock, takes faults, and stops on SIGTERM", async () => {
    const { child, control, endpoints } = await start("--scale", "0.1");
    expect(Object.keys(endpoints).filter((name) => name.startsWith("kubernetes/"))).toHaveLength(14);
    const accounts = (await ask(`${control}/accounts`)) as {
      provider: string;
      externalId: string;
      settings: Record<string, unknown>;
      secrets: Record<string, string>;
    }[];
    expect(accounts.map((account) => account.provider)).toEqual([
      "azure",
      "azure",
      "azure",
      "aws",
      "aws",
      "gcp",
      "gcp",
    ]);
    const arc = accounts.flatMap((account) =>
      Object.keys(account.secrets).filter((name) => name.startsWith("arcToken:")),
    );
    expect(arc.sort()).toEqual(["arcToken:arc-plant-gdn-1", "arcToken:arc-store-fra-1", "arcToken:eks-prod-euc1-1"]);

    const { anchor } = (await ask(`${control}/clock`)) as { anchor: string };
    const then = new Date(Date.parse(anchor) - 30 * 86_400_000).toISOString();
    expect(await ask(`${control}/clock`, post({ now: then, frozen: true }))).toEqual({ now: then, anchor });
    expect(await ask(`${control}/clusters`)).toHaveLength(12);
    await ask(`${control}/clock`, post({ advanceMs: 30 * 86_400_000 }));
    expect(await ask(`${control}/clusters`)).toHaveLength(14);
    expect((await fetch(`${control}/clock`, post({ now: "yesterday" }))).status).toBe(400);

    const fault = (await ask(
      `${control}/faults`,
      post({ service: "kubernetes", action: "list pods", kind: "hang" }),
    )) as { id: string };
    expect(await ask(`${control}/faults`)).toHaveLength(1);
    expect(await ask(`${control}/faults/${fault.id}`, { method: "DELETE" })).toEqual([]);
    expect((await fetch(`${control}/faults`, post({ kind: "earthquake" }))).status).toBe(400);

    const ended = exit(child);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });

  it("comes back at the same addresses with --state, so that saved connections keep working", async () => {
    const folder = mkdtempSync(join(tmpdir(), "seawall-simulator-"));
    try {
      const runs: unknown[] = [];
      for (let run = 0; run < 2; run += 1) {
        const { child, control, endpoints } = await start("--scale", "0.05", "--state", folder);
        const accounts = (await ask(`${control}/accounts`)) as {
          externalId: string;
          secrets: Record<string, string>;
        }[];
        runs.push({ control, endpoints, clientSecret: accounts[0]?.secrets.clientSecret });
        const ended = exit(child);
        child.kill("SIGTERM");
        expect(await ended).toBe(0);
      }
      expect(runs[1]).toEqual(runs[0]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("stops when its parent's channel closes", async () => {
    const { child } = await start("--wires", "kubernetes", "--scale", "0.05");
    const ended = exit(child);
    child.disconnect();
    expect(await ended).toBe(0);
  });
});

import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { sleep } from "@/lib/time";
import { type OfferedAccount, startEstate } from "./estate";

const START = new Date("2026-03-01T12:00:00Z");

/** What lasts of a text: not the signature of a certificate or a token, which is another at every signing by the same key. */
function lastingText(text: string): string {
  if (text.includes("BEGIN CERTIFICATE"))
    return new X509Certificate(text).publicKey.export({ type: "spki", format: "pem" }).toString();
  return text.startsWith("eyJ") ? text.slice(0, text.lastIndexOf(".")) : text;
}
const lasting = (accounts: OfferedAccount[]): unknown =>
  JSON.parse(JSON.stringify(accounts, (_, value) => (typeof value === "string" ? lastingText(value) : value)));

test("a killed estate comes back on its ports, with the clock it had", async () => {
  const state = mkdtempSync(path.join(os.tmpdir(), "seawall-estate-"));
  const said: string[] = [];
  const estate = await startEstate(state, (line) => said.push(line), ["--scale", "0.05"]);
  const pids = (): number[] =>
    execFileSync("pgrep", ["-f", `simulator/main.ts --state ${state}`])
      .toString()
      .trim()
      .split("\n")
      .map(Number);
  try {
    await estate.setClock(START);
    const before = await estate.accounts();
    expect(before).toHaveLength(7);
    const [pid = 0] = pids();
    process.kill(pid, "SIGKILL");
    for (const end = Date.now() + 60_000; said.length === 0; await sleep(50))
      if (Date.now() > end) throw new Error("its end was not said");
    expect(said[0]).toMatch(/^simulated estate ended \(SIGKILL\); starting it again/);
    // Addresses, secrets and the authorities' keys: what was connected stays connected.
    expect(lasting(await estate.accounts())).toEqual(lasting(before));
    expect(pids()).not.toContain(pid);
    const ports = JSON.parse(readFileSync(path.join(state, "simulator.json"), "utf8")).ports as Record<string, number>;
    const clock = async (): Promise<number> => {
      const answer = (await (await fetch(`http://127.0.0.1:${ports.control}/clock`)).json()) as { now: string };
      return new Date(answer.now).getTime() - START.getTime();
    };
    for (const end = Date.now() + 20_000; (await clock()) > 600_000; await sleep(100))
      if (Date.now() > end) throw new Error("its clock is another");
    expect(await clock()).toBeGreaterThan(0);
  } finally {
    await estate.stop();
    rmSync(state, { recursive: true, force: true });
  }
}, 150_000);

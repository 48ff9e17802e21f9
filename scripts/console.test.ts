import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { answersAs, assertPortFree, isShown } from "./console";
import { systemEnv } from "./process-env";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Somebody else's server that says yes to everything. */
async function foreign(): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.end("ok");
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { port: typeof address === "object" ? (address?.port ?? 0) : 0, asked };
}

test("a port that another program has is refused with the setting's name, and free again when it is gone", async () => {
  const { port, asked } = await foreign();
  for (const host of ["127.0.0.1", "0.0.0.0"])
    await expect(assertPortFree(host, port)).rejects.toThrow(
      `PORT: another program listens on ${host}:${port}. It was left alone. Stop it, or set PORT to another. Example: PORT=${port + 1}`,
    );
  expect(asked).toEqual([]);
  await new Promise((resolve) => servers.pop()?.close(resolve));
  await assertPortFree("127.0.0.1", port);
});

test("an address that this machine does not have names HOST", async () => {
  await expect(assertPortFree("192.0.2.1", 5119)).rejects.toThrow(/HOST: 192.0.2.1 is no address of this machine/);
});

test("another program's yes is not taken for the console's", async () => {
  const { port, asked } = await foreign();
  expect(await answersAs(`http://127.0.0.1:${port}/healthz`, "0123456789abcdef")).toBe(false);
  expect(asked).toEqual(["/healthz"]);
});

test("the web process tells its number at the health check and nowhere else", async () => {
  const code = `require("node:http").createServer((q, s) => s.end("ok")).listen(0, "127.0.0.1", function () { console.log(this.address().port); })`;
  const child = spawn(process.execPath, ["--import", path.resolve("scripts/client-address.mjs"), "-e", code], {
    env: { ...systemEnv(), SEAWALL_INSTANCE: "0123456789abcdef" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const port = await new Promise<string>((resolve) =>
      child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim())),
    );
    const base = `http://127.0.0.1:${port}`;
    expect(await answersAs(`${base}/healthz`, "0123456789abcdef")).toBe(true);
    expect(await answersAs(`${base}/healthz`, "another")).toBe(false);
    expect((await fetch(`${base}/`)).headers.get("x-seawall-instance")).toBeNull();
  } finally {
    child.kill("SIGKILL");
  }
});

test("what Next says of itself is not shown, so that the link is the last thing said; anything else is", () => {
  const banner = [
    "▲ Next.js 16.4.6",
    "- Local:         http://127.0.0.1:4610",
    "✓ Ready in 111ms",
    "✓ Running next.config.ts took 34ms",
    "",
  ];
  expect(banner.filter(isShown)).toEqual([]);
  const others = ["2026-11-22T05:31:01.434Z warn  page failed", "⨯ Error: no database", " - Local variables"];
  expect(others.filter(isShown)).toEqual(others);
});

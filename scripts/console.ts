import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { env } from "@/lib/env";
import { reasonOf } from "@/lib/log";
import { processEnv } from "./process-env";
import type { Supervisor } from "./supervise";

const root = fileURLToPath(new URL("..", import.meta.url));
/** A console that ends so often before it ever answered will not come. */
const TRIES = 3;
const PATIENCE_MS = 120_000;
/** What the console reads takes milliseconds: a database that says nothing for so long hangs, and a page says so. */
const DATABASE_PATIENCE_MS = 20_000;
/**
 * Node's arguments for the console. What Next and React make for a request lives until the old generation is swept, so the young one
 * copies it all: 32 MB of it stop every tenth page for 20 ms, 8 MB stop more of them for 6 ms and take a quarter off the memory.
 */
const WEB_FLAGS: readonly string[] = ["--max-semi-space-size=8"];

/** What Next says of itself when it starts. Its address need not be the one that people use. */
const BANNER = /^(▲ Next\.js|- (Local|Network|Environments|Experiments)|✓ (Starting|Ready|Running)|\s*$)/;
/** Whether a line that the console prints is shown. */
export const isShown = (line: string): boolean => !BANNER.test(line);

/** Rejects unless HOST:PORT can be listened on at this moment, with the settings' names and what to do. */
export async function assertPortFree(host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const server = createServer()
      .once("error", (error: NodeJS.ErrnoException) => reject(new Error(portFault(host, port, error))))
      .listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

function portFault(host: string, port: number, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "EADDRINUSE":
      return `PORT: another program listens on ${host}:${port}. It was left alone. Stop it, or set PORT to another. Example: PORT=${port + 1}`;
    case "EACCES":
      return `PORT: this user may not listen on port ${port}. Set PORT to one above 1023. Example: PORT=8080`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `HOST: ${host} is no address of this machine. Set HOST to one that is. Example: HOST=0.0.0.0`;
    default:
      return `HOST, PORT: ${host}:${port} cannot be listened on: ${reasonOf(error)}.`;
  }
}

/** Where this machine itself reaches the console. */
const localAddress = (host: string, port: number): string => {
  const reached = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${reached.includes(":") ? `[${reached}]` : reached}:${port}`;
};
export const consoleAddress = (): string => env().SEAWALL_URL ?? localAddress(env().HOST, env().PORT);

/** Whether the console that was given this number answers there and is well. */
export async function answersAs(probe: string, instance: string): Promise<boolean> {
  const answer = await fetch(probe, { signal: AbortSignal.timeout(2000), redirect: "manual" }).catch(() => null);
  await answer?.body?.cancel();
  return answer?.ok === true && answer.headers.get("x-seawall-instance") === instance;
}

/**
 * Starts the console and resolves when it answers. Only the answer of our own process counts: it echoes a number that nobody
 * else was told, so a link is never shown for a server that merely listens where ours should.
 */
export async function startConsole(supervisor: Supervisor, signal: AbortSignal): Promise<void> {
  const { HOST: host, PORT: port } = env();
  const instance = randomBytes(16).toString("hex");
  let answered = false;
  let ends = 0;
  let failed: Error | undefined;
  supervisor.start({
    name: "web",
    args: [
      ...WEB_FLAGS,
      "--import",
      path.join(root, "scripts/client-address.mjs"),
      path.join(root, "node_modules/next/dist/bin/next"),
      "start",
      "-p",
      String(port),
      "-H",
      host,
    ],
    env: {
      ...processEnv("web"),
      SEAWALL_INSTANCE: instance,
      SEAWALL_DATABASE_PATIENCE_MS: String(DATABASE_PATIENCE_MS),
    },
    onLine: (line) => {
      if (isShown(line)) process.stdout.write(`${line}\n`);
    },
    before: () => assertPortFree(host, port),
    onEnd: (how) => {
      ends += 1;
      if (answered || (ends < TRIES && !how.startsWith("PORT:"))) return false;
      failed = new Error(
        how.startsWith("PORT:")
          ? how
          : `The console ended ${ends} times before it answered (${how}). Correct what its own words above name, then start again.`,
      );
      return true;
    },
  });
  const probe = `${localAddress(host, port)}/healthz`;
  for (const began = Date.now(); !answered; ) {
    signal.throwIfAborted();
    if (failed !== undefined) throw failed;
    if (Date.now() - began > PATIENCE_MS)
      throw new Error(
        `The console does not answer at ${probe}. Correct what its own words above name; on a slow machine, start again.`,
      );
    answered = await answersAs(probe, instance);
    if (!answered) await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

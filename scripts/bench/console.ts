import { Agent, get } from "node:http";
import { performance } from "node:perf_hooks";
import { gzipSync } from "node:zlib";
import { chromium } from "@playwright/test";
import { z } from "zod";
import { chromiumSources, findChromium } from "../chromium";
import { figure, percentile } from "./figure";

/** Pages and answers, the ids of what they are about left open. */
const PAGES = [
  "/",
  "/recommendations",
  "/recommendations/{recommendations}",
  "/findings",
  "/findings?severity=critical",
  "/findings?finding={findings}",
  "/clusters",
  ...["overview", "findings", "workloads", "nodes", "images", "access", "changes", "scans", "settings"].map(
    (tab) => `/clusters/{clusters}?tab=${tab}`,
  ),
  "/inventory",
  "/score-history",
  "/score-history?point={score-history}",
  "/scans",
  "/scans?scan={scans}",
  "/accounts",
  "/accounts/{accounts}",
  "/accounts/connect",
  "/compliance",
  "/compliance/cis-aks-1.8",
  "/exemptions",
  "/api",
  "/api?open=getFindings",
  "/api?part=shapes",
  ...["people", "tokens", "sessions", "security", "parameters", "audit", "notifications", "system"].map(
    (part) => `/settings/${part}`,
  ),
  ...["routes", "mail", "deliveries"].map((part) => `/settings/notifications/${part}`),
  "/api/v1/findings",
  "/api/v1/findings/counts",
];
const TIMES = 150;
const GOAL_MS = 50;
const GOAL_KB = 250;

const listShape = z.object({ items: z.array(z.object({ id: z.string() })) });

/** Spends the demo's one-time link as a person does, by its button, and gives the session's cookies. */
async function signIn(link: string): Promise<string> {
  const root = process.getuid?.() === 0;
  const browser = await chromium.launch({
    executablePath: findChromium(chromiumSources(process.env.CHROMIUM_PATH)),
    args: root ? ["--no-sandbox"] : [],
  });
  try {
    const page = await browser.newPage();
    await page.goto(link);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
    return (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  } finally {
    await browser.close();
  }
}

/** The pages with the first row of each list they name. */
async function pagesOf(ask: (address: string) => Promise<Response>): Promise<string[]> {
  const names = [...new Set(PAGES.flatMap((page) => /\{([a-z-]+)\}/.exec(page)?.[1] ?? []))];
  const firsts = new Map<string, string>();
  for (const name of names) {
    const [row] = listShape.parse(await (await ask(`/api/v1/${name}`)).json()).items;
    if (row === undefined) throw new Error(`The demo has no ${name}.`);
    firsts.set(name, row.id);
  }
  return PAGES.map((page) => page.replace(/\{([a-z-]+)\}/, (_, name: string) => firsts.get(name) ?? ""));
}

/** Compressed kilobytes of the scripts that a page names, but those for browsers without modules. `known` keeps what was weighed before. */
async function scriptsOf(html: string, base: string, known: Map<string, number>): Promise<number> {
  const tags = [...html.matchAll(/<script[^>]* src="([^"]+\.js)"[^>]*>/g)].filter(([tag]) => !/ nomodule/i.test(tag));
  const scripts = new Set(tags.map(([, address = ""]) => address));
  let sum = 0;
  for (const script of scripts) {
    const size =
      known.get(script) ?? gzipSync(Buffer.from(await (await fetch(new URL(script, base))).arrayBuffer())).byteLength;
    known.set(script, size);
    sum += size / 1000;
  }
  return sum;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/**
 * Milliseconds from a request to the last byte of its answer, which is compressed as for a browser. Nothing is unpacked or kept: that
 * would be the reader's time, and on few cores the server waits for it.
 */
const timed = (address: URL, cookie: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const clock = performance.now();
    const asked = get(address, { agent, headers: { cookie, "accept-encoding": "gzip" } }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${address.pathname} answered ${answer.statusCode}.`));
      answer.on("error", reject).on("end", () => resolve(performance.now() - clock));
      answer.resume();
    });
    asked.on("error", reject);
  });

/** Whole pages of a running demo, from request to last byte, one after another, and the weight of their scripts. Says so when there is no demo to ask. */
export async function measureConsole(say: (line: string) => void): Promise<void> {
  const { SEAWALL_URL: base, SEAWALL_SIGN_IN_LINK: link } = process.env;
  if (!base || !link) {
    say("Pages of the console: not measured. Set SEAWALL_URL and SEAWALL_SIGN_IN_LINK (`npm run demo` prints it).");
    return;
  }
  const cookie = await signIn(link);
  const ask = (address: string) => fetch(new URL(address, base), { headers: { cookie }, redirect: "manual" });
  say(`Pages of the console, whole, ${TIMES} times each after 3 unmeasured ones; compressed scripts of a first load`);
  const weighed = new Map<string, number>();
  for (const page of await pagesOf(ask)) {
    const address = new URL(page, base);
    const first = await ask(page);
    if (first.status !== 200) throw new Error(`${page} answered ${first.status}.`);
    const text = await first.text();
    const times: number[] = [];
    for (let at = -2; at < TIMES; at++) {
      const ms = await timed(address, cookie);
      if (at >= 0) times.push(ms);
    }
    figure(`${page} p50`, [percentile(times, 0.5)], "ms");
    figure(`${page} p95`, [percentile(times, 0.95)], "ms", GOAL_MS);
    if (!page.startsWith("/api/v1")) figure("  scripts", [await scriptsOf(text, base, weighed)], "kB", GOAL_KB);
  }
}

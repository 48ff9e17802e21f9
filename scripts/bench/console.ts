import { performance } from "node:perf_hooks";
import { chromium } from "@playwright/test";
import { chromiumSources, findChromium } from "../chromium";
import { figure, percentile } from "./figure";

const PAGES = [
  "/",
  "/recommendations",
  "/findings",
  "/findings?severity=critical",
  "/clusters",
  "/inventory",
  "/score-history",
  "/scans",
  "/accounts",
  "/api/v1/findings",
  "/api/v1/findings/counts",
];
const TIMES = 50;
const GOAL_MS = 50;

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

/** Whole pages of a running demo, from request to last byte, one after another. Says so when there is no demo to ask. */
export async function measureConsole(say: (line: string) => void): Promise<void> {
  const { SEAWALL_URL: base, SEAWALL_SIGN_IN_LINK: link } = process.env;
  if (!base || !link) {
    say("Pages of the console: not measured. Set SEAWALL_URL and SEAWALL_SIGN_IN_LINK (`npm run demo` prints it).");
    return;
  }
  const cookie = await signIn(link);
  say(`Pages of the console, whole, ${TIMES} times each after 3 unmeasured ones`);
  for (const page of PAGES) {
    const times: number[] = [];
    for (let at = -3; at < TIMES; at++) {
      const clock = performance.now();
      const answer = await fetch(new URL(page, base), { headers: { cookie }, redirect: "manual" });
      await answer.arrayBuffer();
      if (answer.status !== 200) throw new Error(`${page} answered ${answer.status}.`);
      if (at >= 0) times.push(performance.now() - clock);
    }
    figure(`${page} p50`, [percentile(times, 0.5)], "ms");
    figure(`${page} p95`, [percentile(times, 0.95)], "ms", GOAL_MS);
  }
}

import { performance } from "node:perf_hooks";
import { figure, percentile } from "./figure";

const PAGES = ["/", "/recommendations", "/findings", "/findings?severity=critical", "/clusters", "/scans", "/accounts"];
const TIMES = 50;
const GOAL_MS = 50;

/** Spends the demo's one-time link and gives the session's cookies. */
async function signIn(base: string, link: string): Promise<string> {
  const token = new URL(link).searchParams.get("token") ?? "";
  const answer = await fetch(new URL("/api/auth/sign-in/link", base), {
    method: "POST",
    headers: { "content-type": "application/json", origin: new URL(base).origin },
    body: JSON.stringify({ token }),
  });
  if (!answer.ok)
    throw new Error(`The sign-in link was refused (${answer.status}). Start the demo again for a new one.`);
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");
}

/** Whole pages of a running demo, from request to last byte, one after another. Says so when there is no demo to ask. */
export async function measureConsole(say: (line: string) => void): Promise<void> {
  const { SEAWALL_URL: base, SEAWALL_SIGN_IN_LINK: link } = process.env;
  if (!base || !link) {
    say("Pages of the console: not measured. Set SEAWALL_URL and SEAWALL_SIGN_IN_LINK (`npm run demo` prints it).");
    return;
  }
  const cookie = await signIn(base, link);
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

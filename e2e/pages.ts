import { readdirSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";

const TABS = ["findings", "workloads", "nodes", "images", "access", "changes", "scans", "settings"];

/** What a stranger may open, each as he finds it without a link of his own. */
export const PUBLIC_PAGES = ["/sign-in", "/setup", "/welcome", "/unsubscribe"];

/** Pages that only lead on, where nothing is shown to who is signed in and set up. */
const LEADING = new Set(["/settings", "/welcome/second-factor", "/welcome/backup-codes"]);

/** Every page file of the console as a pattern of its addresses: `/clusters/[^/]+`. */
export const pageFiles = (): string[] =>
  readdirSync(path.join(import.meta.dirname, "../app"), { recursive: true, encoding: "utf8" })
    .filter((file) => path.basename(file) === "page.tsx")
    .map((file) => `/${path.dirname(file)}/`.replaceAll(/\/(\([^)]*\)|\.)(?=\/)/g, "").replace(/(.)\/$/, "$1"))
    .filter((route) => !LEADING.has(route))
    .map((route) => route.replaceAll(/\[[^\]]+\]/g, "[^/]+"));

let found: Promise<string[]> | undefined;
/** Every page of the console, with one detail page of each kind found by following its list, once in a process. */
export const everyPage = (page: Page): Promise<string[]> => {
  found ??= look(page);
  return found;
};

async function look(page: Page): Promise<string[]> {
  const first = async (list: string, selector: string): Promise<string[]> => {
    await page.goto(list);
    const href = await page.locator(`main ${selector}`).first().getAttribute("href");
    return href === null ? [] : [href];
  };
  const parameter = await first("/settings/parameters", 'a[href^="/settings/parameters/"]');
  const account = await first("/accounts", 'td a[href^="/accounts/"]');
  const cluster = await first("/clusters", 'td.n-title a[href^="/clusters/"]');
  return [
    "/",
    "/findings",
    ...(await first("/findings", 'td a[href*="finding="]')),
    "/findings?q=no-such-name-anywhere",
    "/recommendations",
    ...(await first("/recommendations", 'td a[href^="/recommendations/"]')),
    "/exemptions",
    "/exemptions?state=ended",
    "/compliance",
    ...(await first("/compliance", 'td a[href^="/compliance/"]')),
    "/compliance/pss-restricted/privileged",
    "/compliance/cis-kubernetes-2.0.1/changes",
    "/clusters",
    "/clusters?exemptions=without",
    ...cluster,
    ...cluster.flatMap((href) => TABS.map((tab) => `${href}?tab=${tab}`)),
    "/inventory",
    "/inventory?type=pod",
    "/inventory?kind=Pod&columns=cluster,image,node,phase",
    "/inventory?type=image",
    "/scans",
    ...(await first("/scans", 'td a[href*="scan="]')),
    "/score-history",
    "/score-history?exemptions=without",
    ...(await first("/score-history", 'td a[href*="point="]')),
    "/accounts",
    ...account,
    ...account.map((href) => `${href}/edit`),
    "/accounts/connect",
    "/accounts/connect?cloud=azure",
    "/accounts/connect?cloud=aws",
    "/accounts/connect?cloud=gcp",
    "/settings/people",
    "/settings/tokens",
    "/settings/sessions",
    "/settings/security",
    "/settings/parameters",
    ...parameter,
    "/settings/audit",
    "/settings/notifications",
    "/settings/notifications/routes",
    "/settings/notifications/mail",
    "/settings/notifications/deliveries",
    "/settings/system",
    "/api",
    "/api?open=getFindings",
    "/api?part=shapes",
    "/api?part=shapes&open=Finding",
  ];
}

import type { Page } from "@playwright/test";

const TABS = ["findings", "workloads", "nodes", "images", "access", "scans", "settings"];

/** Every page of the console, with one detail page of each kind found by following its list. */
export async function everyPage(page: Page): Promise<string[]> {
  const first = async (list: string, selector: string): Promise<string[]> => {
    await page.goto(list);
    const href = await page.locator(`main ${selector}`).first().getAttribute("href");
    return href === null ? [] : [href];
  };
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
    ...cluster,
    ...cluster.flatMap((href) => TABS.map((tab) => `${href}?tab=${tab}`)),
    "/inventory",
    "/inventory?type=image",
    "/scans",
    ...(await first("/scans", 'td a[href*="scan="]')),
    "/score-history",
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

import type { Page } from "@playwright/test";

/** Every page of the console, with one detail page of each kind found by following its list. */
export async function everyPage(page: Page): Promise<string[]> {
  const first = async (list: string, selector: string): Promise<string[]> => {
    await page.goto(list);
    const href = await page.locator(`main ${selector}`).first().getAttribute("href");
    return href === null ? [] : [href];
  };
  return [
    "/",
    "/findings",
    ...(await first("/findings", 'td a[href*="finding="]')),
    "/recommendations",
    ...(await first("/recommendations", 'td a[href^="/recommendations/"]')),
    "/clusters",
    ...(await first("/clusters", 'td a[href^="/clusters/"]')),
    "/scans",
    "/accounts",
    ...(await first("/accounts", 'td a[href^="/accounts/"]')),
    "/accounts/connect",
    "/accounts/connect?cloud=azure",
    "/accounts/connect?cloud=aws",
    "/accounts/connect?cloud=gcp",
  ];
}

import { expect, type Page, test } from "@playwright/test";

const rows = (page: Page) => page.locator(".dt tbody tr[data-index]");
const filters = (page: Page) => page.getByRole("form", { name: "Filters" });

/** Requests for the first rows of a list, not for its counts nor for rows further down, which scrolling asks for. */
function rowRequests(page: Page, list: string): string[] {
  const seen: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.pathname === `/api/v1/${list}` && !url.searchParams.has("cursor")) seen.push(url.search);
  });
  return seen;
}

test("filters are applied together, by one request, and the address says them", async ({ page }) => {
  await page.goto("/findings");
  const seen = rowRequests(page, "findings");
  await filters(page).getByText("High", { exact: true }).click();
  await filters(page).getByText("AKS", { exact: true }).click();
  expect(seen).toEqual([]);
  await expect(page).toHaveURL(/\/findings$/);
  const apply = page.getByRole("button", { name: "Apply 2 changes" });
  await expect(apply).toBeInViewport({ ratio: 1 }); // without scrolling
  await apply.click();
  await expect(page).toHaveURL(/\/findings\?distribution=aks&severity=high$/);
  await expect(page.locator(".filters .chip")).toHaveText([/Severity\s*High/, /Distribution\s*AKS/]);
  await expect(page.locator(".dt-frame")).toHaveAttribute("data-stale", "false");
  expect(seen).toHaveLength(1);
});

test("a row opens wherever it is pressed, but not where its box is", async ({ page }) => {
  await page.goto("/findings");
  const row = rows(page).nth(2);
  await row.locator("td.dt-check").click({ position: { x: 2, y: 2 } });
  await expect(page).toHaveURL(/\/findings$/);
  await row.locator("td").last().click();
  await expect(page).toHaveURL(/finding=/);
  await expect(page.locator(".drawer")).toBeVisible();
});

test("on a narrow screen, too, what is chosen can be applied where it is chosen", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto("/findings");
  await page.getByRole("button", { name: /^Filters/ }).click();
  await filters(page).getByText("High", { exact: true }).click();
  await expect(page.getByRole("button", { name: "Apply 1 change" })).toBeInViewport({ ratio: 1 });
});

test("reload, back and a shared link show the same rows; clear all clears all", async ({ page, context }) => {
  await page.goto("/findings?severity=high&sort=name");
  const first = () => rows(page).first().locator("td.n-title a").textContent();
  const shown = await first();
  await page.reload();
  expect(await first()).toBe(shown);
  const other = await context.newPage();
  await other.goto(page.url());
  expect(await rows(other).first().locator("td.n-title a").textContent()).toBe(shown);
  await other.close();
  await page.getByRole("button", { name: "Clear all" }).click();
  await expect(page).toHaveURL(/\/findings\?sort=name$/);
  await expect(page.locator(".filters .chip")).toHaveCount(0);
  await page.goBack();
  await expect(page).toHaveURL(/severity=high/);
  await expect(page.locator(".filters .chip")).toHaveCount(1);
  expect(await first()).toBe(shown);
});

test("what the list does not know leaves the address", async ({ page }) => {
  await page.goto("/findings?severity=high&cluster=nonsense&finding=");
  await expect(page).toHaveURL(/\/findings\?severity=high/);
  expect(page.url()).not.toContain("nonsense");
});

test("page, chips and file are of one filter", async ({ page }) => {
  await page.goto("/findings?severity=critical,high");
  await page.getByRole("button", { name: "Export" }).click();
  const file = page.getByRole("menuitem", { name: "CSV" });
  await expect(file).toHaveAttribute("href", "/api/v1/findings/export?severity=critical,high&format=csv");
});

test("columns are a choice that the address keeps", async ({ page }) => {
  await page.goto("/findings");
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Owner" }).click();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/columns=/);
  await page.reload();
  await expect(page.getByRole("columnheader", { name: "Owner" })).toBeVisible();
});

test("a view is kept by name and forgotten again", async ({ page }) => {
  await page.goto("/findings?severity=low&distribution=gke");
  await page.getByRole("button", { name: "Save view" }).click();
  const name = `Low on GKE ${Date.now()}`;
  await page.getByLabel("Name of the view").fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Save view" }).click();
  const tab = page.locator(".views").getByRole("link", { name });
  await expect(tab).toHaveAttribute("aria-current", "true");
  await page.goto("/findings");
  await page.locator(".views").getByRole("link", { name }).click();
  await expect(page).toHaveURL(/distribution=gke&severity=low/);
  await page.getByRole("button", { name: "Forget this view" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Forget this view" }).click();
  await expect(tab).toHaveCount(0);
});

test("a sort is a press on a head, and says so", async ({ page }) => {
  await page.goto("/findings");
  await page.getByRole("button", { name: "Age" }).click();
  await expect(page).toHaveURL(/sort=-firstSeen/);
  await expect(page.getByRole("columnheader", { name: "Age" })).toHaveAttribute("aria-sort", "descending");
});

test("what could not be read is told of the clusters under the filter, and follows it without a new page", async ({
  page,
}) => {
  const notice = page.locator(".fmain .banner");
  for (const list of ["/findings", "/inventory", "/recommendations"]) {
    await page.goto(list);
    await expect(notice, list).toContainText(/could not be read completely.*gke-/);
    await page.goto(`${list}?distribution=gke`);
    await expect(notice, list).toContainText(/1 cluster under this filter could not be read/);
  }
  await page.goto("/findings");
  await filters(page).getByText("AKS", { exact: true }).click();
  await page.getByRole("button", { name: "Apply 1 change" }).click();
  await expect(notice).toHaveCount(0);
  await page.goBack();
  await expect(notice).toContainText("could not be read completely");
  await filters(page).getByText("GKE", { exact: true }).click();
  await page.getByRole("button", { name: "Apply 1 change" }).click();
  await expect(notice).toContainText("1 cluster under this filter");
  await notice.getByRole("link", { name: "Why and how to repair" }).click();
  await expect(page).toHaveURL(/\/clusters\?distribution=gke&scan=partial/);
  await expect(rows(page)).toHaveCount(1);
});

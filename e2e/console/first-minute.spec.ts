import { expect, test } from "@playwright/test";

test("the overview has one answer to what to fix first, and the gravest first as another view of it", async ({
  page,
}) => {
  await page.goto("/?days=90");
  const section = page.getByRole("region", { name: "What to fix first" });
  await expect(section.getByText("What raises the score most")).toBeVisible();
  const gains = (await section.locator("tbody tr .r5").allTextContents()).map(Number);
  expect(gains).toEqual([...gains].sort((a, b) => b - a));
  expect(Math.min(...gains)).toBeGreaterThan(0);
  await expect(section.getByRole("columnheader", { name: "People can gain" })).toBeVisible();
  await section.getByRole("link", { name: "Worst first" }).click();
  await expect(page).toHaveURL(/days=90&fix=worst$/);
  await expect(section.locator("tbody tr").first().locator(".sevc")).toHaveText("Critical");
  await expect(section.getByText("Severity says how far")).toBeVisible();
  await expect(section.getByRole("columnheader", { name: "Potential" })).toBeVisible();
  const worst = await section.locator("tbody tr .idc").allTextContents();
  await section.getByRole("link", { name: "All" }).click();
  const listed = page.locator(".dt td.n-title .under span:first-child");
  await expect(listed.nth(11)).toBeVisible();
  expect((await listed.allTextContents()).slice(0, worst.length)).toEqual(worst);
});

test("a move of weights names its account and cluster, and groups say why they are not the score", async ({ page }) => {
  await page.goto("/score-history?step=weights");
  await expect(page.getByText(/^.+ \(score [\d.]+\) counts more: .+ (joined|grew)$/).first()).toBeVisible();
  // Whether a move of weights was too small to show depends on which cluster was read first.
  const none = (await page.getByRole("checkbox", { name: "Too small to show 0" }).count()) === 1;
  await expect(page.getByText(/left out: no part of the score/)).toHaveCount(none ? 0 : 1);
  await expect(page.getByText("Nothing that shows in the score")).toHaveCount(0);
  await page.goto("/");
  await expect(page.getByText(/is the mean of the accounts’ own scores/)).toBeVisible();
});

test("overview, inventory and clusters count the same workloads", async ({ page }) => {
  await page.goto("/");
  const said = /([\d,]+) workloads/.exec((await page.locator(".head .sub").textContent()) ?? "")?.[1];
  await page.goto("/inventory?type=workload");
  await expect(page.locator(".head .sub")).toContainText(`${said} things`);
});

test("an account of which a cluster was not read completely is not ticked", async ({ page }) => {
  await page.goto("/accounts");
  const row = page.getByRole("row").filter({ hasText: "not read completely" }).first();
  await expect(row.locator("svg.m.complete")).toHaveCount(0);
  await row.getByRole("link", { name: /not read completely/ }).click();
  await expect(page.locator(".dt tbody tr").first()).toContainText("partial");
  await page.locator(".dt td.n-title a").first().click();
  await expect(page.getByText(/Add to the rules of the identity's ClusterRole: \{apiGroups/)).toBeVisible();
});

test("in one hand nothing stands off the edge, and no tab is cut", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/clusters");
  const cluster = await page.locator('td.n-title a[href^="/clusters/"]').first().getAttribute("href");
  await page.goto(cluster ?? "");
  const button = await page.getByRole("button", { name: "Scan now" }).first().boundingBox();
  expect(button?.x).toBe(16);
  for (const address of [cluster ?? "", "/exemptions", "/scans"]) {
    await page.goto(address);
    for (const tab of await page.locator(".tabs > *").all()) {
      const box = await tab.boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 0), address).toBeLessThanOrEqual(390);
    }
  }
  await page.goto("/scans?status=complete");
  const why = page.locator(".dt td[data-l=Why]").first();
  await expect(why).toBeAttached();
  await expect(why).toBeHidden();
});

test("in one hand the overview is short, and shows the rest when it is asked", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThan(4000);
  const groups = page.getByRole("region", { name: "Score groups" });
  await expect(groups.getByText("Access and permissions")).toBeHidden();
  await groups.getByRole("button", { name: "Show all score groups" }).press("Enter");
  await expect(groups.getByText("Access and permissions")).toBeVisible();
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.reload();
  await expect(groups.getByText("Access and permissions")).toBeVisible();
  await expect(groups.getByRole("button")).toBeHidden();
});

import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";

const button = /^Accounts: /;

test("the switch shows the lists of one account, and the navigation keeps it", async ({ page }) => {
  await page.goto("/findings?severity=high");
  const nav = page.getByRole("navigation", { name: "Main" });
  await nav.getByRole("button", { name: button }).press("Enter");
  const all = page.getByRole("menuitemradio", { name: "All accounts" });
  await expect(all).toBeChecked();
  const one = page.getByRole("menuitemradio").nth(1);
  await expect(one).toBeVisible();
  const name = ((await one.textContent()) ?? "").trim();
  expect((await new AxeBuilder({ page }).include(".menu-pop").analyze()).violations).toEqual([]);
  await expect(async () => {
    await page.keyboard.press("ArrowDown");
    await expect(one).toBeFocused({ timeout: 200 });
  }).toPass();
  await page.keyboard.press("Enter");

  // The list's own filter is set, and its others stay.
  await expect(page).toHaveURL(/severity=high.*account=[0-9a-f-]{36}|account=[0-9a-f-]{36}.*severity=high/);
  const account = new URL(page.url()).searchParams.get("account") ?? "";
  await expect(nav.getByRole("button", { name: button })).toContainText(name);

  // From list to list, over a page that has no use for it, and over a reload.
  await nav.getByRole("link", { name: /^Clusters/ }).click();
  await expect(page).toHaveURL(`/clusters?account=${account}`);
  await page.reload();
  await expect(nav.getByRole("button", { name: button })).toContainText(name);
  await nav.getByRole("link", { name: "Overview" }).click();
  await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();
  await expect(page).toHaveURL(/\/$/);
  await expect(nav.getByRole("button", { name: button })).toContainText("All accounts");
  await nav.getByRole("link", { name: "Scans" }).click();
  await expect(page).toHaveURL(`/scans?account=${account}`);

  await nav.getByRole("button", { name: button }).press("Enter");
  await expect(page.getByRole("menuitemradio", { name, exact: true })).toBeChecked();
  await page.getByRole("menuitemradio", { name: "All accounts" }).click();
  await expect(page).toHaveURL("/scans");
  await nav.getByRole("link", { name: /^Findings/ }).click();
  await expect(page).toHaveURL("/findings");
});

test("a cluster's score says its last thirty days in words", async ({ page }) => {
  await page.goto("/clusters");
  await expect(
    page.getByRole("img", { name: /^Score (since|over) .*: from \d+\.\d to \d+\.\d/ }).first(),
  ).toBeVisible();
  await page.goto("/accounts");
  await expect(page.getByRole("img", { name: /^Score (since|over)/ }).first()).toBeVisible();
});

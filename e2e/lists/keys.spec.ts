import { expect, test } from "@playwright/test";

test("the list is walked, opened, selected and closed by keys, and keeps its place", async ({ page }) => {
  await page.goto("/findings?severity=high");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  const second = page.locator(".dt tbody tr[data-index='1']");
  await expect(second.locator("td.n-title a")).toBeFocused();
  await page.keyboard.press("x");
  await expect(second).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("region", { name: "Selection" })).toContainText("1 finding selected");
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("complementary", { name: "Finding" });
  await expect(drawer.getByRole("heading", { level: 2 })).toBeVisible();
  await expect(drawer.locator(".pos")).toHaveText(/^2 of /);
  await page.keyboard.press("j");
  await expect(drawer.locator(".pos")).toHaveText(/^3 of /);
  await page.keyboard.press("Escape");
  await expect(drawer).toHaveCount(0);
  await expect(page).toHaveURL(/\/findings\?severity=high$/);
  await expect(page.locator(".dt tbody tr[data-index='2'] td.n-title a")).toBeFocused();
});

test("the box in the head selects every row that is loaded, says when only some are, and takes them back", async ({
  page,
}) => {
  await page.goto("/findings?severity=high");
  const selection = page.getByRole("region", { name: "Selection" });
  const head = page.getByRole("checkbox", { name: /^Select all \d+ findings( loaded so far)?$/ });
  const row = page.locator(".dt tbody tr[data-index='0'] input[type=checkbox]");
  const amount = Number(/\d+/.exec((await head.getAttribute("aria-label")) ?? "")?.[0]);
  expect(amount).toBeGreaterThan(1);
  await expect(head).not.toBeChecked({ indeterminate: true });
  await head.focus();
  await page.keyboard.press("Space");
  await expect(selection).toContainText(`${amount} findings selected`);
  await expect(head).toBeChecked();
  await expect(row).toBeChecked();
  await expect(selection.getByRole("button", { name: "Exempt…" })).toBeVisible();
  await row.click({ force: true });
  await expect(selection).toContainText(`${amount - 1} finding`);
  await expect(head).toBeChecked({ indeterminate: true });
  await head.click();
  await expect(head).toBeChecked();
  await head.click();
  await expect(selection).toHaveCount(0);
  await expect(row).not.toBeChecked();
});

test("a link to an open finding opens it, with its fix filled in", async ({ page }) => {
  await page.goto("/findings");
  const href = await page.locator('td a[href*="finding="]').first().getAttribute("href");
  await page.goto(href ?? "");
  const drawer = page.getByRole("complementary", { name: "Finding" });
  for (const name of ["Why it matters", "Evidence", "Fix", "History"])
    await expect(drawer.getByRole("heading", { name })).toBeVisible();
});

test("Ctrl-K goes anywhere, / searches, ? tells the keys", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("Page, cluster, control, namespace, or text").fill("clus");
  await page.getByRole("option", { name: "Clusters", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Clusters", level: 1 })).toBeVisible();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.type("prod");
  await expect(page).toHaveURL(/q=prod/);
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("Escape from Ctrl-K and from / goes back to where the focus was", async ({ page }) => {
  await page.goto("/findings");
  await page.keyboard.press("j");
  const row = page.locator(".dt tbody tr[data-index='0'] td.n-title a");
  await expect(row).toBeFocused();
  await page.keyboard.press("Control+k");
  await expect(page.getByPlaceholder("Page, cluster, control, namespace, or text")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(row).toBeFocused();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(row).toBeFocused();
});

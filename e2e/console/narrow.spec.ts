import { expect, test } from "@playwright/test";

test.use({ viewport: { width: 390, height: 844 }, colorScheme: "dark" });

test("on a narrow screen the open page of Settings is in sight, and an edge that hides more is told", async ({
  page,
}) => {
  await page.goto("/settings/system");
  const strip = page.getByRole("navigation", { name: "Settings" });
  await expect(strip.getByRole("link", { name: "System health" })).toBeInViewport({ ratio: 1 });
  await expect(strip).toHaveAttribute("data-before", "true");
  await page.goto("/settings/people");
  await expect(strip).toHaveAttribute("data-before", "false");
  await expect(strip).toHaveAttribute("data-after", "true");
});

test("on a narrow screen the button of a dialog is in sight", async ({ page }) => {
  await page.goto("/compliance/cis-aks-1.8?decided=person");
  await page.locator(".t-req a").first().click();
  await page.getByRole("button", { name: "Attest" }).first().click();
  await expect(page.getByRole("dialog").getByRole("button", { name: "Attest" })).toBeInViewport({ ratio: 1 });
  await page.goto("/recommendations/SW-0019");
  await page.getByRole("button", { name: "Exempt…" }).click();
  await expect(page.getByRole("dialog").getByRole("button", { name: "Exempt", exact: true })).toBeInViewport({
    ratio: 1,
  });
});

test("scores without exemptions say so, and the view stays marked", async ({ page }) => {
  await page.goto("/clusters?exemptions=without");
  await expect(page.getByText("; scores without exemptions")).toBeVisible();
  await expect(page.locator(".views [aria-current]")).toHaveText("All");
  await page.goto("/accounts?exemptions=without");
  await expect(page.getByText("; scores without exemptions")).toBeVisible();
});

test("a tab's title names what the page is of", async ({ page }) => {
  await page.goto("/compliance/cis-aks-1.8");
  await expect(page).toHaveTitle(/^CIS .* 1\.8.* · Seawall$/);
  await page.goto("/clusters");
  const first = page.locator(".dt tbody a[id^=row-]").first();
  const name = (await first.textContent()) ?? "";
  await first.click();
  await expect(page).toHaveTitle(`${name} · Seawall`);
});

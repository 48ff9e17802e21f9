import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";

const THEMES = ["light", "dark"] as const;

for (const theme of THEMES) {
  test(`empty, failed and refused lists say what happened and what to do (${theme})`, async ({
    page,
    context,
    baseURL,
  }) => {
    await context.addCookies([{ name: "seawall-theme", value: theme, url: baseURL ?? "" }]);
    const sound = async (state: string) => {
      await page.screenshot({ path: test.info().outputPath(`${state}.png`) });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((each) => each.id)).toEqual([]);
    };
    await page.goto("/findings?q=no-such-name-anywhere");
    await expect(page.getByRole("heading", { name: "No finding matches this filter" })).toBeVisible();
    await sound("empty");

    await page.goto("/findings");
    await page.route("**/api/v1/findings?*", (route) =>
      route.fulfill({
        status: 503,
        contentType: "application/problem+json",
        body: JSON.stringify({ title: "Unavailable", detail: "The database is being moved." }),
      }),
    );
    await page.getByRole("link", { name: "Critical and high" }).click();
    const problem = page.getByRole("alert").filter({ hasText: "The rows could not be read." });
    await expect(problem).toContainText("The database is being moved.", { timeout: 15_000 });
    await sound("failed");
    await page.unroute("**/api/v1/findings?*");
    await problem.getByRole("button", { name: "Try again" }).click();
    await expect(page.locator(".dt tbody tr[data-index]").first()).toBeVisible();
  });
}

test("rows that are on their way are a shape, not a zero", async ({ page }) => {
  await page.goto("/settings/system");
  await page.route("**/api/v1/clusters*", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue();
  });
  await page.goto("/clusters");
  await page.getByRole("link", { name: "Lowest score" }).click();
  await expect(page.locator(".dt-frame[data-stale='true']")).toBeVisible();
  await expect(page.locator(".dt-frame[data-stale='false']")).toBeVisible({ timeout: 10_000 });
});

test("what a search looks through is written out whole", async ({ page }) => {
  for (const path of ["/findings", "/inventory", "/clusters", "/recommendations"]) {
    await page.goto(path);
    const input = page.locator(".search input");
    const fits = await input.evaluate((element: HTMLInputElement) => {
      const probe = document.createElement("span");
      probe.textContent = element.placeholder;
      probe.style.font = getComputedStyle(element).font;
      document.body.append(probe);
      const needed = probe.getBoundingClientRect().width;
      probe.remove();
      return needed <= element.clientWidth;
    });
    expect(fits, path).toBe(true);
  }
});

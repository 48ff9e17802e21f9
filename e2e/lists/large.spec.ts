import { expect, test } from "@playwright/test";

const ROWS = 100_000;
const PAGE = 5000;

/** The demo has thousands of findings, not a hundred thousand: the API's answers are made here, in its shape, from one real row. */
test("a hundred thousand rows: few in the document, and quick to answer", async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto("/findings");
  const answer = await page.request.get("/api/v1/findings?size=1");
  const [template] = (await answer.json()).items;
  await page.route("**/api/v1/findings?*", async (route) => {
    const params = new URL(route.request().url()).searchParams;
    const from = Number(params.get("cursor") ?? 0);
    const items = Array.from({ length: PAGE }, (_, index) => ({
      ...template,
      id: `00000000-0000-7000-8000-${String(from + index).padStart(12, "0")}`,
      name: `workload-${from + index}`,
    }));
    const next = from + PAGE < ROWS ? String(from + PAGE) : null;
    await route.fulfill({ json: { items, next, asOf: new Date().toISOString(), notes: [] } });
  });
  await page.getByRole("link", { name: "Newest" }).click();
  await expect(page.locator(".dt tbody")).toContainText("workload-0");
  for (let loaded = PAGE; loaded < ROWS; loaded += PAGE) {
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await expect(page.locator(".dt-foot")).not.toContainText(`${new Intl.NumberFormat("en-GB").format(loaded)} rows`);
  }
  await expect(page.locator(".dt-foot")).toContainText("100,000");
  expect(await page.locator(".dt tbody tr[data-index]").count()).toBeLessThan(80);

  await page.evaluate(() => {
    const slow: number[] = [];
    Object.assign(window, { slow });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) slow.push(entry.duration);
    }).observe({ type: "event", durationThreshold: 16, buffered: false } as PerformanceObserverInit);
  });
  await page.evaluate((at) => window.scrollTo(0, at * 46), ROWS / 2);
  await page.waitForTimeout(300);
  await page.locator(".dt tbody tr[data-index] td.n-title a").nth(5).focus();
  await page.locator(".dt tbody tr[data-index] .ck").nth(6).click();
  for (let press = 0; press < 15; press += 1) await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.getByRole("button", { name: "Columns" }).click();
  await page.keyboard.press("Escape");
  await page.waitForTimeout(500);
  const slow = await page.evaluate(() => (window as unknown as { slow: number[] }).slow);
  const worst = Math.max(0, ...slow);
  test.info().annotations.push({ type: "interaction to next paint", description: `${worst} ms of ${slow.length}` });
  // The goal of 200 ms is read here and in docs/performance.md; a busy machine must not fail it.
  console.log(`interaction to next paint on 100,000 rows: worst ${worst} ms (goal 200)`);
});

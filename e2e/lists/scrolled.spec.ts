import { expect, type Page, test } from "@playwright/test";

const row = (page: Page) => page.locator(".dt tbody tr[data-index]");

/** Loads some pages of findings and goes down in them. */
async function scrolled(page: Page): Promise<void> {
  await page.goto("/findings");
  for (const rows of [100, 200]) {
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await expect(page.locator(".dt-foot")).not.toContainText(new RegExp(`^${rows} rows`));
  }
  await page.evaluate(() => window.scrollTo(0, 4000));
  await expect(row(page).first()).not.toHaveAttribute("data-index", "0");
}

test("a list that was scrolled is taken over from the server without a fault", async ({ page }) => {
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  await scrolled(page);
  for (let time = 0; time < 3; time += 1) {
    await page.reload();
    await expect(page.locator(".dt-frame")).toHaveAttribute("data-stale", "false");
    await page.evaluate(() => window.scrollTo(0, 4000));
    await expect(row(page).first()).not.toHaveAttribute("data-index", "0");
  }
  expect(faults).toEqual([]);
});

test("a change that is announced moves nothing under the reader, and is read when asked", async ({ page }) => {
  // Its own stream of events says that something changed, once the list has more pages than are read again unasked.
  let announce = (): void => {};
  const announced = new Promise<void>((resolve) => {
    announce = resolve;
  });
  let streams = 0;
  await page.route("**/api/v1/events", async (route) => {
    streams += 1;
    if (streams > 1) return; // the next one stays open, and says nothing
    await announced;
    await route.fulfill({ contentType: "text/event-stream", body: "event: changed\ndata: {}\n\n" });
  });
  await page.goto("/findings");
  for (let pages = 0; pages < 6; pages += 1) {
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await page.waitForTimeout(300);
  }
  await page.evaluate(() => window.scrollTo(0, 4000));
  await expect(row(page).first()).not.toHaveAttribute("data-index", "0");
  const watched = await row(page).nth(12).getAttribute("data-index");
  const place = () => page.locator(`tr[data-index="${watched}"]`).evaluate((one) => one.getBoundingClientRect().top);
  const before = await place();
  announce();
  const again = page.getByRole("button", { name: "Read them anew" });
  await expect(again).toBeInViewport({ ratio: 1, timeout: 15_000 });
  expect(await place()).toBe(before);
  await again.click();
  await expect(again).toBeHidden();
  await expect(row(page).first()).toHaveAttribute("data-index", "0");
});

test("columns that were chosen can be kept as a view, though its rows are those of another", async ({ page }) => {
  const name = `With owners ${Date.now()}`;
  await page.goto("/findings?columns=owner");
  await page.getByRole("button", { name: "Save view" }).click();
  await page.getByRole("textbox", { name: "Name of the view" }).fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Save view" }).click();
  const view = page.getByRole("link", { name });
  await expect(view).toHaveAttribute("aria-current", "true");
  await page.goto("/findings");
  await expect(view).not.toHaveAttribute("aria-current", "true");
  await view.click();
  await expect(page).toHaveURL(/columns=owner/);
  await page.getByRole("button", { name: "Forget this view" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Forget this view" }).click();
  await expect(view).toBeHidden();
});

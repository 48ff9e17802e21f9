import { type BrowserContext, expect, type Page, type Route, test } from "@playwright/test";
import { examine, LOOKS } from "../state";

const NOBODY = "019234ab-0000-7000-8000-000000000001";
const [LIGHT, , , DARK_NARROW] = LOOKS;
const OPPOSITE = [LIGHT, DARK_NARROW];
const LISTS = [
  { path: "/findings", noun: "finding" },
  { path: "/recommendations", noun: "recommendation" },
  { path: "/clusters", noun: "cluster" },
  { path: "/inventory", noun: "thing" },
  { path: "/scans", noun: "scan" },
  { path: "/score-history", noun: "point" },
] as const;

const problem = (status: number, detail: string) => (route: Route) =>
  route.fulfill({
    status,
    contentType: "application/problem+json",
    headers: { "x-request-id": "request-of-this-test" },
    body: JSON.stringify({ title: "Refused", detail }),
  });
/** The rows of a list, and their number. */
const apiOf = (path: string): RegExp => new RegExp(`/api/v1${path}(/counts)?\\?`);
const orderAnew = (page: Page) => page.locator(".dt thead button.sort").first().click();
const rows = (page: Page) => page.locator(".dt tbody tr[data-index]").first();

/** Every list in a page of its own, so that they wait at the same time. */
const openAll = async (context: BrowserContext, search = "") => {
  // All are in sight for a browser without a screen, and those that listen would take up its six connections.
  await context.route("**/api/v1/events", (route) => route.fulfill({ status: 204 }));
  return Promise.all(
    LISTS.map(async (list) => {
      const page = await context.newPage();
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto(`${list.path}${search}`);
      return { ...list, page };
    }),
  );
};

test("a filter that nothing matches says so, and what clears it", async ({ page, context }) => {
  for (const list of await openAll(context, `?account=${NOBODY}`)) {
    await expect(list.page.getByRole("heading", { name: `No ${list.noun} matches this filter` })).toBeVisible();
    await expect(list.page.locator(".empty svg")).toHaveCount(0);
    await list.page.bringToFront();
    await examine(list.page, `empty-${list.noun}`, list.noun === "finding" ? LOOKS : OPPOSITE);
    await list.page.getByRole("button", { name: "Clear all filters" }).last().click();
    await expect(rows(list.page)).toBeVisible();
    await list.page.close();
  }
  const others = [
    ["/settings/audit?who=nobody-of-that-name", "No entry matches"],
    ["/settings/notifications/deliveries?state=failed", "No mail is in this state"],
    [`/exemptions?state=requested&account=${NOBODY}`, "None"],
    [`/accounts?account=${NOBODY}`, "No account under this filter"],
    [`/?account=${NOBODY}`, "No such account"],
  ] as const;
  for (const [address, words] of others) {
    await page.goto(address);
    await expect(page.getByRole("heading", { name: words, exact: true })).toBeVisible();
    await expect(page.locator(".empty svg")).toHaveCount(0);
    await examine(page, `empty${address.replaceAll(/\W+/g, "-")}`, [DARK_NARROW]);
  }
});

test("a list whose rows the server cannot read says why, that nothing was lost, and reads them when asked again", async ({
  context,
}) => {
  const open = await openAll(context);
  for (const { page, path } of open) {
    await page.route(apiOf(path), problem(503, "The database is being moved."));
    await page.bringToFront();
    await orderAnew(page);
  }
  for (const { page, path, noun } of open) {
    await page.bringToFront();
    const told = page.getByRole("alert").filter({ hasText: "The rows could not be read." });
    await expect(told).toContainText("The database is being moved. Nothing was lost; request id request-of-this-test.");
    await expect(page.getByRole("heading", { name: new RegExp(`^No ${noun}`) })).toHaveCount(0);
    await examine(page, `failed-${noun}`, noun === "finding" ? LOOKS : OPPOSITE);
    await page.unroute(apiOf(path));
    await told.getByRole("button", { name: "Try again" }).click();
    await expect(rows(page)).toBeVisible();
    await page.close();
  }
});

test("who asks too often is told to wait, and whose session ended is led to sign in", async ({ page, context }) => {
  await page.goto("/clusters");
  await page.route(apiOf("/clusters"), problem(429, "Too many requests. Try again in 7 seconds."));
  await orderAnew(page);
  const told = page.getByRole("alert").filter({ hasText: "The rows could not be read." });
  await expect(told).toContainText("Try again in 7 seconds.");
  await page.unroute(apiOf("/clusters"));
  await told.getByRole("button", { name: "Try again" }).click();
  await expect(rows(page)).toBeVisible();

  const open = await openAll(context);
  await context.clearCookies({ name: /session/ });
  for (const { page: list, noun } of open) {
    await list.bringToFront();
    await orderAnew(list);
    await expect(list.getByRole("alert").getByRole("link", { name: "Sign in" })).toBeVisible();
    await expect(list.getByRole("heading", { name: new RegExp(`^No ${noun}`) })).toHaveCount(0);
    if (noun === "finding") await examine(list, "refused", OPPOSITE);
    await list.close();
  }
});

test("rows that are on their way are a shape, not a zero; what no answer comes to is not zero either", async ({
  page,
}) => {
  await page.goto("/settings/system");
  await page.route("**/api/v1/clusters*", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue();
  });
  await page.goto("/clusters");
  await page.getByRole("link", { name: "Lowest score" }).click();
  await expect(page.locator(".dt-frame[data-stale='true']")).toBeVisible();
  await page.screenshot({ path: test.info().outputPath("stale.png") });
  await expect(page.locator(".dt-frame[data-stale='false']")).toBeVisible({ timeout: 10_000 });
  await page.unroute("**/api/v1/clusters*");

  // The rows of the filter before are no answer to this one, least of all when there were none.
  await page.goto(`/clusters?account=${NOBODY}`);
  let answer: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route(apiOf("/clusters"), async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole("button", { name: "Clear all filters" }).last().click();
  await expect(page.locator("main [aria-busy=true]")).toBeVisible();
  await expect(page.locator(".head .sub")).toHaveText("Counting");
  await expect(page.locator(".facets label > span:last-child").first()).toBeHidden();
  await expect(page.getByRole("heading", { name: /^No cluster/ })).toHaveCount(0);
  await examine(page, "loading", OPPOSITE);
  answer();
  await expect(rows(page)).toBeVisible();
  await page.unroute(apiOf("/clusters"));

  await page.route(apiOf("/clusters"), (route) => route.abort());
  await orderAnew(page);
  const told = page.getByRole("alert").filter({ hasText: "The rows could not be read." });
  await expect(told).toContainText("The server could not be reached.");
});

test("what could be read only in part is named in lists, and hatched in its own tabs", async ({ page }) => {
  await page.goto("/findings");
  const banner = page.locator("main .banner").filter({ hasText: "could not be read completely" });
  await expect(banner).toBeVisible();
  await examine(page, "partial-findings", OPPOSITE);
  await banner.getByRole("link", { name: "Why and how to repair" }).click();
  await expect(page).toHaveURL(/\/clusters\?scan=/);
  const partial = page.locator(".dt tbody tr").filter({ hasText: "partial" }).first();
  const cluster = await partial.locator("td.n-title a").getAttribute("href");
  await page.goto(cluster ?? "");
  await expect(page.getByRole("region", { name: "What could not be read" })).toBeVisible();
  await examine(page, "partial-cluster", OPPOSITE);
  for (const tab of ["findings", "workloads", "nodes", "access"]) {
    await page.goto(`${cluster}?tab=${tab}`);
    await expect(page.locator(".tab-body")).toBeVisible();
    // A node that is ready is ticked, whatever else could not be read.
    if (tab !== "nodes") await expect(page.locator(".tab-body svg.m.healthy"), `${tab} ticks`).toHaveCount(0);
    await page.screenshot({ path: test.info().outputPath(`partial-${tab}.png`) });
  }
  await page.goto(`${cluster}?tab=changes`);
  await expect(page.locator(".banner").filter({ hasText: "could not read everything" })).toBeVisible();
});

test("what is not there, or not to be seen, is told within the console; a page that breaks is read anew", async ({
  page,
}) => {
  for (const address of [
    `/clusters/${NOBODY}`,
    `/accounts/${NOBODY}`,
    "/recommendations/SW-9999",
    "/compliance/none",
  ]) {
    expect((await page.goto(address))?.status(), address).toBe(404);
    await expect(page.getByRole("heading", { name: "There is nothing here", level: 1 })).toBeVisible();
    await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  }
  await examine(page, "not-found", OPPOSITE);
  expect((await page.goto("/no-such-page"))?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "There is nothing here", level: 1 })).toBeVisible();
  await examine(page, "no-page", OPPOSITE);
  for (const [address, words] of [
    [`/findings?finding=${NOBODY}`, "There is no such finding"],
    [`/scans?scan=${NOBODY}`, "There is no such scan"],
    [`/score-history?point=${NOBODY}`, "There is no such point"],
  ] as const) {
    await page.goto(address);
    await expect(page.locator("aside.drawer").getByText(words)).toBeVisible();
  }

  await page.goto("/clusters");
  const broken = { items: [{ id: NOBODY }], next: null, asOf: new Date().toISOString(), notes: [] };
  await page.route(/\/api\/v1\/clusters\?/, (route) => route.fulfill({ json: broken }));
  await orderAnew(page);
  const alert = page.getByRole("alert").filter({ hasText: "This page could not be read" });
  await expect(alert).toBeVisible();
  await examine(page, "broken");
  await page.unroute(/\/api\/v1\/clusters\?/);
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(rows(page)).toBeVisible();
});

test("a tab that nobody sees does not listen, and is read anew when it is seen", async ({ page }) => {
  await page.goto("/settings/sessions");
  const live = page.locator("nav.side .live");
  await expect(live).toHaveText(/^Live/);
  const seen = (hidden: boolean) =>
    page.evaluate((value) => {
      Object.defineProperty(document, "hidden", { value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await seen(true);
  await expect(live).toHaveText("Connecting");
  await seen(false);
  await expect(live).toHaveText(/^Live, updated/);
});

test("a page whose stream is refused listens again by itself, and says so when its session is gone", async ({
  page,
}) => {
  let streams = 0;
  await page.route("**/api/v1/events", (route) =>
    streams++ === 0
      ? route.fulfill({ contentType: "text/event-stream", body: "retry: 10\n\n" })
      : route.fulfill({ status: 503, body: "" }),
  );
  await page.goto("/settings/sessions");
  const live = page.locator("nav.side .live");
  await expect(live).toHaveText("Reconnecting");
  await page.unroute("**/api/v1/events");
  await expect(live).toHaveText(/^Live, updated/);

  await page.context().clearCookies({ name: /session/ });
  await page.evaluate(() => {
    for (const hidden of [true, false]) {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }
  });
  await expect(live).toHaveText("Signed out: sign in");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await examine(page, "signed-out", OPPOSITE);
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

import { expect, test } from "@playwright/test";
import { everyPage, PUBLIC_PAGES, pageFiles } from "../pages";
import { examine, violationsOf } from "../state";

test("overview shows score, coverage and what moved the score", async ({ page }) => {
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  await page.goto("/");
  const hero = page.locator("section.hero");
  await expect(hero.locator(".score b")).toHaveText(/^\d{1,3}\.\d$/);
  await expect(hero.locator(".cov .v b")).toHaveText(/^\d{1,3}\.\d\s%$/);
  const figures = await hero.locator(".ledger .vv").allTextContents();
  const numbers = figures.map((text) => Number(text.replace("−", "-")));
  const [start, ...rest] = numbers;
  const end = rest.pop();
  const sum = rest.reduce((total, delta) => total + delta, start ?? Number.NaN);
  expect(Math.abs(sum - (end ?? Number.NaN))).toBeLessThan(0.5); // each of ten figures is rounded to a tenth
  expect(problems).toEqual([]);
});

/** A file's name that says the page: `/findings?q=x` is `-findings-q-x`; ids are left out. */
const nameOf = (address: string): string =>
  address
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "id")
    .replaceAll(/[^\w.]+/g, "-")
    .slice(0, 80);

test("every page of the console is walked", async ({ page }) => {
  const walked = [...(await everyPage(page)), ...PUBLIC_PAGES].map((address) => address.replace(/\?.*/, ""));
  expect(pageFiles().length).toBeGreaterThan(30);
  for (const route of pageFiles())
    expect(
      walked.some((address) => new RegExp(`^${route}$`).test(address)),
      `${route} is missing in e2e/pages.ts`,
    ).toBe(true);
});

/** The looks in which every page is read from the server; at the other width it is examined as it then stands. */
const LOADED = [
  { theme: "light", width: 1920, other: 390 },
  { theme: "dark", width: 390, other: 1920 },
] as const;

for (const { theme, width, other } of LOADED) {
  test(`no page has an accessibility violation or takes a name for markup, and its pictures are kept (${theme}, ${width} px, then ${other} px)`, async ({
    page,
    context,
    baseURL,
  }) => {
    test.setTimeout(900_000);
    let dialogs = 0;
    page.on("dialog", (dialog) => {
      dialogs += 1;
      void dialog.dismiss();
    });
    await context.addCookies([{ name: "seawall-theme", value: theme, url: baseURL ?? "" }]);
    await page.setViewportSize({ width, height: 900 });
    const signedIn = (await everyPage(page)).map((address) => ({ address, signedOut: false }));
    const all = [...signedIn, ...PUBLIC_PAGES.map((address) => ({ address, signedOut: true }))];
    for (const [at, { address, signedOut }] of all.entries()) {
      if (signedOut) await context.clearCookies({ name: /session/ });
      await page.goto(address);
      await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
      await expect(page.locator("h1"), address).toBeVisible();
      await expect(page.locator("main img, main script:not([nonce]), main iframe")).toHaveCount(0);
      await examine(page, `${String(at).padStart(2, "0")}${nameOf(address)}`, [
        { theme, width },
        { theme, width: other },
      ]);
      await page.setViewportSize({ width, height: 900 });
    }
    expect(dialogs).toBe(0);
  });
}

test("of texts that are drawn alike one tells of all, and one that is drawn otherwise is looked at by itself", async ({
  page,
}) => {
  await page.goto("/findings");
  const titles = page.locator(".dt tbody tr[data-index] td.n-title a");
  await expect(titles.nth(5)).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  const paint = (at: number, color: string) =>
    titles.nth(at).evaluate((link, chosen) => {
      for (const element of [link, ...link.querySelectorAll("*")])
        if (element instanceof HTMLElement) element.style.color = chosen;
    }, color);
  // A row in the middle, by itself and then as all are.
  await paint(4, "rgb(190, 190, 190)");
  expect(await violationsOf(page)).toEqual([expect.stringMatching(/^color-contrast: .*/)]);
  const rows = await titles.count();
  for (let at = 0; at < rows; at += 1) await paint(at, "rgb(190, 190, 190)");
  expect(await violationsOf(page)).toEqual([expect.stringMatching(/^color-contrast: .*/)]);
  for (let at = 0; at < rows; at += 1) await paint(at, "");
  // What axe passes over comes first, and hides nothing behind it.
  for (const first of [
    "<p class=pale>–</p>",
    "<button class=pale disabled>Once</button>",
    "<label class=pale>Name <input disabled></label>",
    '<p class=pale style="clip-path: inset(50%)">Once</p>',
    '<p class=pale style="position: relative"><i style="position: absolute; inset: 0; background: #fff"></i>Once</p>',
  ]) {
    const second = first
      .replace(/ (disabled|style="[^"]*")/, "")
      .replace(/<i.*<\/i>/, "")
      .replace(/Once|–/, "Again");
    await page.evaluate((markup) => {
      const place = document.createElement("div");
      place.id = "alike";
      place.innerHTML = markup;
      for (const one of place.querySelectorAll(".pale"))
        if (one instanceof HTMLElement) Object.assign(one.style, { color: "#bbb", background: "#fff" });
      document.querySelector("main h1")?.after(place);
    }, first + second);
    expect(await violationsOf(page), first).toEqual([expect.stringMatching(/^color-contrast: .*pale/)]);
    await page.evaluate(() => document.getElementById("alike")?.remove());
  }
});

test("names that are searched for stay text", async ({ page }) => {
  let dialogs = 0;
  page.on("dialog", (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
  await page.goto(`/findings?q=${encodeURIComponent("<img")}`);
  await expect(page.locator("h1")).toBeVisible();
  await expect(page.locator("main img")).toHaveCount(0);
  expect(dialogs).toBe(0);
});

test("answers carry a policy with a nonce, and nobody may frame them", async ({ request }) => {
  const response = await request.get("/");
  const policy = response.headers()["content-security-policy"] ?? "";
  expect(policy).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic'/);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
});

import { expect, type Page, test } from "@playwright/test";
import { startEmptyConsole } from "../empty-console";
import { examine, LOOKS } from "../state";

test.use({ storageState: { cookies: [], origins: [] } });
const [LIGHT, , , DARK_NARROW] = LOOKS;
const OPPOSITE = [LIGHT, DARK_NARROW];

const LISTS = ["/findings", "/recommendations", "/clusters", "/inventory"];
const PAGES = ["/", ...LISTS, "/compliance", "/exemptions", "/score-history", "/scans", "/accounts"];
/** Ticks besides those of the filters, which stand for what may be chosen. */
const TICKS = ["healthy", "complete"].map((mark) => `main svg.m.${mark}:not(.facets svg)`).join(", ");
/** What nobody may say where nothing was looked at. */
const PRAISE = /evaluated and holds|that applies was decided|Nothing runs|have no cluster/;
const CLEAN = /^(No open findings|Nothing to recommend)$/;

/** An account whose cloud cannot be reached. */
async function connectNowhere(page: Page): Promise<string> {
  await page.goto("/accounts/connect?cloud=aws");
  await page.getByLabel("Name", { exact: true }).fill("Nowhere");
  await page.getByLabel("Account id").fill("111122223333");
  await page.getByLabel("Role ARN").fill("arn:aws:iam::111122223333:role/seawall");
  await page.getByLabel("External id").fill("external");
  await page.getByLabel("Access key id").fill("AKIAEXAMPLE000000000");
  await page.getByLabel("Secret access key").fill("a-secret-that-nobody-sees-again");
  await page.getByRole("combobox", { name: "Add a region" }).fill("eu-central-1");
  await page.getByRole("combobox", { name: "Add a region" }).press("Enter");
  await page.getByText("Sovereign clouds and private endpoints").press("Enter");
  await page.getByLabel("STS address").fill("https://127.0.0.1:9");
  await page.getByText("Time limits and retries").press("Enter");
  await page.getByLabel("Attempts of a request", { exact: true }).fill("1");
  await page.getByRole("button", { name: "Connect and test" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Nowhere", level: 1 })).toBeVisible();
  return new URL(page.url()).pathname;
}

test("an empty console leads to connecting an account, and one whose cloud is silent is told nowhere as healthy", async ({
  browser,
}) => {
  const seawall = await startEmptyConsole();
  const baseURL = new URL(seawall.setupLink).origin;
  const context = await browser.newContext({ baseURL });
  try {
    const page = await context.newPage();
    await page.goto(seawall.setupLink);
    await page.getByLabel("Name").fill("Owner");
    await page.getByLabel("E-mail address").fill("owner@example.com");
    await page.getByLabel("Password").fill("a long password of this test");
    await page.getByRole("button", { name: "Create Owner" }).press("Enter");
    await expect(page).toHaveURL(`${baseURL}/`);
    for (const address of PAGES) {
      await page.goto(address);
      await expect(page.getByRole("heading", { level: 1 }), address).toHaveText("Connect your first account");
      await expect(page.locator("main").getByRole("link", { name: "Connect an account" })).toBeVisible();
    }
    await examine(page, "first-run");

    const account = await connectNowhere(page);
    await expect(async () => {
      await page.goto(account);
      await expect(page.locator(".head").getByText("Failing", { exact: true })).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 60_000 });
    for (const address of [...PAGES, account, "/compliance/nsa-cisa-1.2", "/recommendations/SW-0017"]) {
      await page.goto(address);
      await expect(page.locator("h1"), address).toBeVisible();
      // A connection test ticks the steps that went well.
      if (address !== account) await expect(page.locator(TICKS), `${address} ticks`).toHaveCount(0);
      await expect(page.locator("main"), address).not.toContainText(PRAISE);
      await expect(page.getByRole("heading", { name: CLEAN })).toHaveCount(0);
      if (["/", "/compliance", ...LISTS].includes(address))
        await expect(page.locator("main .banner").getByRole("link", { name: "Nowhere" }), address).toBeVisible();
      await examine(page, `silent${address.replaceAll(/[0-9a-f-]{36}/g, "id").replaceAll("/", "-")}`, OPPOSITE);
    }
    await page.goto("/compliance/nsa-cisa-1.2");
    await expect(page.locator("main")).toContainText("nothing was judged and nothing can be said");
    await page.goto("/");
    await expect(page.getByText("Nothing was there to evaluate yet.")).toBeVisible();
    await expect(page.getByText("0.00 / 0")).toHaveCount(0);
  } finally {
    await context.close();
    await seawall.stop();
  }
});

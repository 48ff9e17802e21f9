import { existsSync, mkdirSync } from "node:fs";
import { chromium, expect, type FullConfig } from "@playwright/test";

const SESSION = "test-results/.session.json";

/** Spends the one-time link once for the whole run and keeps the session, which a second run without a link uses. */
export default async function signIn(config: FullConfig): Promise<void> {
  const link = process.env.SEAWALL_SIGN_IN_LINK;
  if (link === undefined && existsSync(SESSION)) return;
  if (link === undefined) throw new Error("SEAWALL_SIGN_IN_LINK is not set: give the link that the demo printed.");
  const use = config.projects[0]?.use ?? {};
  const browser = await chromium.launch(use.launchOptions);
  try {
    const page = await browser.newPage();
    // A prefetch must not spend the link: open it twice before pressing the button.
    await page.goto(link);
    await page.goto(link);
    await page.getByRole("button", { name: "Sign in" }).click();
    // The first page of a process that has just started; this setup does not know the configuration's patience.
    await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible({ timeout: 60_000 });
    const other = await browser.newPage();
    await other.goto(link);
    await expect(other.getByRole("heading", { name: "This link does not work" })).toBeVisible({ timeout: 60_000 });
    mkdirSync("test-results", { recursive: true });
    await page.context().storageState({ path: SESSION });
  } finally {
    await browser.close();
  }
}

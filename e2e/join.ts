import { type Browser, expect, type Page } from "@playwright/test";

export const PASSWORD = "a long password of this test";

/** Somebody who was invited (to everything, or to the account `only`) and joined, signed in on a browser of their own. */
export async function join(
  page: Page,
  browser: Browser,
  email: string,
  baseURL: string,
  { only, role = "Security Reader" }: { only?: string; role?: string } = {},
): Promise<Page> {
  await page.goto("/settings/people");
  await page.getByRole("button", { name: "Invite" }).click();
  const invite = page.getByRole("dialog");
  await invite.getByLabel("E-mail address").fill(email);
  await invite.getByLabel("Role").selectOption(role);
  if (only !== undefined) {
    await invite.getByLabel("Only these accounts").check();
    await invite.getByLabel(only, { exact: true }).check();
  }
  await invite.getByRole("button", { name: "Invite" }).click();
  const link = /\S+\/welcome\?invitation=\S+/.exec((await invite.locator("pre").textContent()) ?? "")?.[0];
  if (link === undefined) throw new Error("the dialog shows no link");
  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } });
  const guest = await context.newPage();
  await guest.goto(new URL(link).pathname + new URL(link).search);
  await guest.getByLabel("Name").fill("Factor");
  await guest.getByLabel("Password").fill(PASSWORD);
  await guest.getByRole("button", { name: "Join" }).press("Enter");
  await expect(guest.getByRole("heading", { level: 1 })).toHaveText("Overview");
  return guest;
}

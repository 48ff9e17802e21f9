import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";

const KEY = "AKIAEXAMPLE000000000";
const nowhere = JSON.stringify({ sts: "https://127.0.0.1:9" });

/** Connects an account whose cloud is not there, by keyboard where a person would. Resolves with its address. */
async function connect(page: Page, name: string): Promise<string> {
  const id = String(Date.now()).slice(-12).padStart(12, "1");
  await page.goto("/accounts/connect?cloud=aws");
  await expect(page.getByText('"sts:ExternalId"')).toBeHidden();
  await page.getByRole("tab", { name: "Trust policy" }).click();
  await expect(page.getByText('"sts:ExternalId"')).toBeVisible();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Account id").fill(id);
  await page.getByLabel("Role ARN").fill(`arn:aws:iam::${id}:role/seawall`);
  await page.getByLabel("External id").fill("external");
  await page.getByLabel("Access key id").fill(KEY);
  await page.getByLabel("Secret access key").fill("a-secret-that-nobody-sees-again");
  await page.getByText("More settings").click();
  await page.getByLabel("Endpoints").fill(nowhere);
  await page.getByLabel("Attempts of a request", { exact: true }).fill("1");
  await page.getByRole("button", { name: "Connect and test" }).press("Enter");
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  return new URL(page.url()).pathname;
}

test("an account is edited after a test, paused, and removed once its name is typed", async ({ page }) => {
  const name = `Edited ${Date.now()}`;
  const account = await connect(page, name);

  await page.getByRole("link", { name: "Edit" }).press("Enter");
  await expect(page.getByLabel("Secret access key")).toHaveValue("");
  await expect(page.getByLabel("Secret access key")).toHaveAttribute("placeholder", "stored");
  expect(await page.content()).not.toContain("a-secret-that-nobody-sees-again");
  await expect(page.getByLabel("Account id")).toHaveAttribute("readonly", "");

  // A stored key goes to no other address.
  await page.getByText("More settings").click();
  await page.getByLabel("Endpoints").fill('{"sts":"https://127.0.0.1:10"}');
  await page.getByRole("button", { name: "Test changes" }).press("Enter");
  await expect(page.getByText("the stored one is not sent to another address").first()).toBeVisible();

  await page.getByLabel("Endpoints").fill(nowhere);
  await page.getByLabel("Time-out of a request (ms)", { exact: true }).fill("1500");
  await page.getByRole("button", { name: "Test changes" }).press("Enter");
  await expect(page.getByRole("region", { name: "Test of these changes" })).toBeVisible();
  await page.getByRole("button", { name: "Save in spite of this" }).press("Enter");
  await expect(page.getByText("Saved. The account is looked at anew.")).toBeVisible();
  await page.reload();
  await page.getByText("More settings").click();
  await expect(page.getByLabel("Time-out of a request (ms)", { exact: true })).toHaveValue("1500");

  // A name needs no test.
  await page.getByLabel("Name", { exact: true }).fill(`${name} again`);
  await page.getByRole("button", { name: "Test changes" }).press("Enter");
  await expect(page.getByText("Saved. The connection is as it was.")).toBeVisible();

  await page.goto(account);
  await page.getByRole("button", { name: "Pause" }).press("Enter");
  await expect(page.getByRole("button", { name: "Resume" })).toBeVisible();
  await expect(page.getByText("Paused: nothing is asked")).toBeVisible();
  await page.getByRole("button", { name: "Resume" }).press("Enter");
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();

  await page.goto(`${account}/edit`);
  await page.getByRole("button", { name: "Remove account" }).press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  expect((await new AxeBuilder({ page }).include("[role=dialog]").analyze()).violations).toEqual([]);
  await dialog.getByLabel(/^Type /).fill(name);
  await dialog.getByRole("button", { name: "Remove account" }).press("Enter");
  await expect(dialog.getByText("exactly as it is written")).toBeVisible();
  await dialog.getByLabel(/^Type /).fill(`${name} again`);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/accounts$/);
  await expect(async () => {
    expect((await page.goto(account))?.status()).toBe(404);
  }).toPass({ timeout: 60_000 });
});

import { expect, type Page, test } from "@playwright/test";
import { axe } from "../axe";

const KEY = "AKIAEXAMPLE000000000";
const FOLD = "Sovereign clouds and private endpoints";
const nowhere = "https://127.0.0.1:9";

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

  // Regions: chosen by name or entered, each a box that can be unticked.
  const region = page.getByRole("combobox", { name: "Add a region" });
  await region.fill("mars");
  await region.press("Enter");
  await expect(page.getByText("“mars” is no region")).toBeVisible();
  await region.fill("eu-central-1, us-east-1");
  await region.press("Enter");
  await page.getByRole("checkbox", { name: "us-east-1" }).press("Space");
  await expect(page.getByRole("checkbox", { name: "us-east-1" })).not.toBeChecked();

  await page.getByText(FOLD).press("Enter");
  const sts = page.getByLabel("STS address");
  await expect(sts).toHaveAttribute("placeholder", "https://sts.REGION.amazonaws.com");
  await sts.fill("sts.internal.example");
  await page.getByText("Time limits and retries").press("Enter");
  await page.getByLabel("Attempts of a request", { exact: true }).fill("1");
  await page.getByRole("button", { name: "Connect and test" }).press("Enter");
  await expect(page.getByText("Please correct what is marked.")).toBeVisible();
  await expect(sts).toHaveAttribute("aria-invalid", "true");
  await expect(sts).toHaveAccessibleDescription(/Enter a full address/);
  expect((await axe(page).include("main").analyze()).violations).toEqual([]);
  await sts.fill(nowhere);
  await page.getByRole("button", { name: "Connect and test" }).press("Enter");
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  return new URL(page.url()).pathname;
}

test("an account is edited after a test, paused, and removed once its name is typed", async ({ page }) => {
  const name = `Edited ${Date.now()}`;
  const account = await connect(page, name);

  await page.getByRole("link", { name: "Edit" }).press("Enter");
  await expect(page.getByRole("button", { name: "Save", exact: true })).toBeVisible();
  await expect(page.getByLabel("Secret access key")).toHaveValue("");
  await expect(page.getByLabel("Secret access key")).toHaveAttribute("placeholder", "stored");
  expect(await page.content()).not.toContain("a-secret-that-nobody-sees-again");
  await expect(page.getByLabel("Account id")).toHaveAttribute("readonly", "");

  await expect(page.getByRole("checkbox", { name: "eu-central-1" })).toBeChecked();
  await expect(page.getByRole("checkbox", { name: "us-east-1" })).toHaveCount(0);

  // A stored key goes to no other address.
  await page.getByText(FOLD).press("Enter");
  await expect(page.getByLabel("STS address")).toHaveValue(nowhere);
  await page.getByLabel("STS address").fill("https://127.0.0.1:10");
  await page.getByRole("button", { name: "Test changes" }).press("Enter");
  await expect(page.getByText("the stored one is not sent to another address").first()).toBeVisible();

  await page.getByLabel("STS address").fill(nowhere);
  await page.getByText("Time limits and retries").press("Enter");
  await page.getByLabel("Time-out of a request (ms)", { exact: true }).fill("1500");
  await page.getByRole("button", { name: "Test changes" }).press("Enter");
  await expect(page.getByRole("region", { name: "Test of these changes" })).toBeVisible();
  await page.getByRole("button", { name: "Save in spite of this" }).press("Enter");
  await expect(page.getByText("Saved. The account is looked at anew.")).toBeVisible();
  await page.reload();
  await page.getByText("Time limits and retries").press("Enter");
  await expect(page.getByLabel("Time-out of a request (ms)", { exact: true })).toHaveValue("1500");

  // A name needs no test.
  await page.getByLabel("Name", { exact: true }).fill(`${name} again`);
  await page.getByRole("button", { name: "Save", exact: true }).press("Enter");
  await expect(page.getByText("Saved. The connection is as it was.")).toBeVisible();
  await expect(page.getByRole("region", { name: "Test of these changes" })).toHaveCount(0);

  // One's own saving is no change by somebody else; another tab's is, and what was entered here stays.
  const tab = await page.context().newPage();
  await tab.goto(page.url());
  await page.getByLabel("Name", { exact: true }).fill(`${name} once more`);
  await page.getByRole("button", { name: "Save", exact: true }).press("Enter");
  await expect(page.getByRole("heading", { name: `Edit ${name} once more` })).toBeVisible();
  await tab.getByLabel("Name", { exact: true }).fill(`${name} elsewhere`);
  await tab.getByRole("button", { name: "Save", exact: true }).press("Enter");
  await expect(tab.getByText("Somebody changed this account since you opened it")).toBeVisible();
  await expect(tab.getByLabel("Name", { exact: true })).toHaveValue(`${name} elsewhere`);
  await tab.close();

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
  expect((await axe(page).include("[role=dialog]").analyze()).violations).toEqual([]);
  await dialog.getByLabel(/^Type /).fill(name);
  await dialog.getByRole("button", { name: "Remove account" }).press("Enter");
  await expect(dialog.getByText("exactly as it is written")).toBeVisible();
  await dialog.getByLabel(/^Type /).fill(`${name} once more`);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/accounts$/);
  await expect(async () => {
    expect((await page.goto(account))?.status()).toBe(404);
  }).toPass({ timeout: 60_000 });
});

test("Arc clusters are rows that are added, corrected and removed; what is wrong is told at its field", async ({
  page,
}) => {
  await page.goto("/accounts/connect?cloud=azure");
  await page.getByLabel("Name", { exact: true }).fill("Arc");
  const guid = "3f1d0c52-8a64-4a0e-9a57-0b7c9a5f1101";
  for (const label of ["Subscription id", "Tenant id", "Client id"]) await page.getByLabel(label).fill(guid);
  await page.getByText("Arc-enabled clusters", { exact: true }).press("Enter");
  await page.getByRole("group", { name: "Cluster 1" }).getByLabel("Name in Azure").fill("depot");
  await page.getByRole("button", { name: "Add another cluster" }).press("Enter");
  const second = page.getByRole("group", { name: "Cluster 2" });
  await expect(second.getByLabel("Name in Azure")).toBeFocused();
  await second.getByLabel("Name in Azure").fill("yard");
  await second.getByLabel("API server", { exact: true }).fill("http://yard.example");
  await page.getByRole("button", { name: "Remove cluster 1" }).press("Enter");
  await expect(page.getByRole("group", { name: /^Cluster/ })).toHaveCount(1);
  await page.getByRole("button", { name: "Connect and test" }).press("Enter");
  const row = page.getByRole("group", { name: "Cluster 1" });
  await expect(row.getByLabel("API server", { exact: true })).toHaveAccessibleDescription(/https:\/\//);
  await expect(row.getByLabel("CA of the API server")).toHaveAccessibleDescription("This is needed.");
  await expect(row.getByLabel("Name in Azure")).toHaveValue("yard");
  expect((await axe(page).include("main").analyze()).violations).toEqual([]);
});

test("without scripts the same fields are there, and are read and answered", async ({
  browser,
  baseURL,
  storageState,
}) => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    ...(storageState === undefined ? {} : { storageState }),
    ...(baseURL === undefined ? {} : { baseURL }),
  });
  const page = await context.newPage();
  await page.goto("/accounts/connect?cloud=aws");
  const id = "111122223333";
  await page.getByLabel("Name", { exact: true }).fill("Without scripts");
  await page.getByLabel("Account id").fill(id);
  await page.getByLabel("Role ARN").fill(`arn:aws:iam::${id}:role/seawall`);
  await page.getByLabel("External id").fill("external");
  await page.getByLabel("Add a region").fill("eu-central-1, mars");
  await page.getByText(FOLD).click();
  await page.getByLabel("EKS address").fill("https://eks.internal.example");
  await page.getByRole("button", { name: "Connect and test" }).click();
  await expect(page.getByText("mars: A region looks like")).toBeVisible();
  await expect(page.getByText("Please correct what is marked.")).toBeVisible();
  await page.goto("/accounts/connect?cloud=azure");
  await page.getByText("Arc-enabled clusters", { exact: true }).click();
  await page
    .getByRole("group", { name: "Cluster 1" })
    .getByLabel("API server", { exact: true })
    .fill("https://depot.example");
  await context.close();
});

test("an empty form says beside its fields what is needed, in its own words", async ({ page }) => {
  await page.goto("/accounts/connect?cloud=azure");
  await page.getByRole("button", { name: "Connect and test" }).click();
  await expect(page.getByText("Please correct what is marked.")).toBeVisible();
  const wrong = page.locator("main [aria-invalid=true]");
  await expect(page.getByLabel("Name", { exact: true })).toHaveAccessibleDescription(/name/i);
  expect(await wrong.count()).toBeGreaterThan(1);
  await expect(page.getByLabel("Client secret")).toHaveAccessibleDescription(/^This is needed/);
  for (const field of await wrong.all()) await expect(field).toHaveAccessibleDescription(/./);
});

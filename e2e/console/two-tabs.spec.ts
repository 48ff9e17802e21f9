import { expect, type Page, test } from "@playwright/test";

const ROUTES = "/settings/notifications/routes";

/** Opens the edit of a route and names it anew, without saving. */
async function rename(page: Page, from: string, to: string) {
  await page.getByRole("button", { name: `Edit the route ${from}` }).press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill(to);
  return dialog;
}
const save = { name: "Save route" };

test("a route that another tab changed is not overwritten, and what was entered stays", async ({ page }) => {
  const name = `Tabs ${Date.now()}`;
  await page.goto(ROUTES);
  await page.getByRole("button", { name: "Make a route" }).press("Enter");
  await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("dialog").getByLabel("Addresses outside Seawall").fill("soc@example.com");
  await page.getByRole("dialog").getByRole("button", save).press("Enter");
  await expect(page.getByRole("button", { name: `Edit the route ${name}` })).toBeVisible();

  const tab = await page.context().newPage();
  await tab.goto(ROUTES);
  const late = await rename(tab, name, `${name} late`);
  for (const next of ["one", "two"]) {
    // One's own saving is no change by somebody else.
    const from = next === "one" ? name : `${name} one`;
    await (await rename(page, from, `${name} ${next}`)).getByRole("button", save).press("Enter");
    await expect(page.getByRole("button", { name: `Edit the route ${name} ${next}` })).toBeVisible();
  }
  await late.getByRole("button", save).press("Enter");
  await expect(late.getByText("Somebody changed this route since you opened")).toBeVisible();
  await expect(late.getByLabel("Name", { exact: true })).toHaveValue(`${name} late`);
  await tab.close();
});

test("limits are saved again and again from one tab, and not from one that was opened before", async ({ page }) => {
  const limits = "/settings/notifications/mail";
  const button = { name: "Save limits" };
  await page.goto(limits);
  const tab = await page.context().newPage();
  await tab.goto(limits);
  const low = page.getByLabel("Low", { exact: true });
  const before = Number(await low.inputValue());
  for (const more of [2, 1]) {
    await low.fill(String(before + more));
    const saved = page.waitForResponse((answer) => answer.request().method() === "POST");
    await page.getByRole("button", button).press("Enter");
    await saved;
    await expect(page.getByRole("status").filter({ hasText: "Saved" })).toBeVisible();
    await expect(page.getByText("Somebody changed the limits")).toHaveCount(0);
  }
  await tab.getByLabel("Low", { exact: true }).fill(String(before + 5));
  await tab.getByRole("button", button).press("Enter");
  await expect(tab.getByText("Somebody changed the limits since you opened")).toBeVisible();
  await tab.close();
  await page.reload();
  await expect(low).toHaveValue(String(before + 1));
});

test("one's own choices of mail are not overwritten from a tab that was opened before", async ({ page }) => {
  const mine = "/settings/notifications";
  const hour = { name: "Digest leaves at" };
  await page.goto(mine);
  const tab = await page.context().newPage();
  await tab.goto(mine);
  for (const next of ["10", "11"]) {
    // One's own saving is no change by somebody else.
    await page.getByRole("combobox", hour).selectOption(next);
    const saved = page.waitForResponse((answer) => answer.request().method() === "POST");
    await page.getByRole("button", { name: "Save", exact: true }).press("Enter");
    await saved;
    await expect(page.getByRole("status").filter({ hasText: "Saved" })).toBeVisible();
    await expect(page.getByText("What you get was changed")).toHaveCount(0);
  }
  await tab.getByRole("combobox", hour).selectOption("12");
  await tab.getByRole("button", { name: "Save", exact: true }).press("Enter");
  await expect(tab.getByText("What you get was changed, in another tab or by a link in a mail,")).toBeVisible();
  await expect(tab.getByRole("combobox", hour)).toHaveValue("12");
  await tab.close();
  await page.reload();
  await expect(page.getByRole("combobox", hour)).toHaveValue("11");
});

test("parameters of a place are set again from one tab, and not from one that was opened before", async ({ page }) => {
  const parameters = "/settings/parameters/SW-0005";
  await page.goto(parameters);
  const tab = await page.context().newPage();
  await tab.goto(parameters);
  const set = async (on: Page, resource: string) => {
    await on.getByLabel("resources", { exact: true }).fill(resource);
    await on.getByLabel("Why", { exact: true }).fill("two tabs");
    await on.getByRole("button", { name: "Save parameters" }).press("Enter");
  };
  for (const resource of ["cpu", "memory"]) {
    await set(page, resource);
    await expect(page.locator("table").first()).toContainText(`resources ${resource}`);
  }
  await set(tab, "ephemeral-storage");
  await expect(tab.getByText("Somebody set parameters for this place since you opened")).toBeVisible();
  await expect(tab.getByLabel("resources", { exact: true })).toHaveValue("ephemeral-storage");
  await tab.close();
  // Taken away and set anew from the same page: there is nothing to overwrite.
  await page.getByRole("button", { name: "Take away" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Take away" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Nowhere" })).toBeVisible();
  await set(page, "cpu");
  await expect(page.locator("table").first()).toContainText("resources cpu");
  await page.getByRole("button", { name: "Take away" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Take away" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Nowhere" })).toBeVisible();
});

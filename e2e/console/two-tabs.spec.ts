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

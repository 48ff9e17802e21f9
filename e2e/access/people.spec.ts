import { expect, test } from "@playwright/test";
import { axe } from "../axe";
import { join, PASSWORD } from "../join";

test("changing a person begins with what they hold; a way back in sets a new password; removed access is given again", async ({
  page,
  browser,
  baseURL,
}) => {
  const email = `lost-${Date.now()}@example.com`;
  await page.goto("/settings/people");
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByRole("dialog").getByLabel("Only these accounts").check();
  const account = ((await page.getByRole("dialog").locator(".reach-list label").first().textContent()) ?? "").trim();
  const guest = await join(page, browser, email, baseURL ?? "", { only: account });

  await page.goto("/settings/people");
  const row = page.getByRole("row").filter({ hasText: email });
  await row.getByRole("button", { name: "Change" }).click();
  const dialog = page.getByRole("dialog", { name: "Factor" });
  await expect(dialog.getByLabel("Give or change to")).toHaveValue("Security Reader");
  await expect(dialog.getByLabel("Only these accounts")).toBeChecked();
  await expect(dialog.getByRole("checkbox", { checked: true })).toHaveCount(1);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("They hold this role already")).toBeVisible();

  await dialog.getByRole("button", { name: "Lost password or second factor" }).click();
  const back = page.getByRole("dialog", { name: "Let Factor back in" });
  expect((await axe(page).include("[role=dialog]").analyze()).violations).toEqual([]);
  await back.getByRole("button", { name: "Make the link" }).click();
  const link = new URL(((await back.locator("pre").textContent()) ?? "").trim());
  await guest.goto(link.pathname + link.search);
  await expect(guest.getByRole("heading", { level: 1 })).toHaveText("Choose a new password");
  expect((await axe(guest).include("main").analyze()).violations).toEqual([]);
  await guest.getByLabel("Password").fill(`${PASSWORD}, newer`);
  await guest.getByRole("button", { name: "Set the password" }).click();
  await expect(guest.getByText("Your new password is set. Sign in with it.")).toBeVisible();

  // The old sessions are gone, and sign-in leads to where one wanted to go.
  await guest.goto("/scans?page=1");
  await guest.getByLabel("E-mail address").fill(email);
  await guest.getByLabel("Password").fill(PASSWORD);
  await guest.getByRole("button", { name: "Sign in" }).click();
  await expect(guest.getByText("E-mail address or password is wrong.")).toBeVisible();
  await guest.getByLabel("Password").fill(`${PASSWORD}, newer`);
  await guest.getByRole("button", { name: "Sign in" }).click();
  await expect(guest.getByRole("heading", { name: "Scans", level: 1 })).toBeVisible();

  await page.goto("/settings/people");
  await row.getByRole("button", { name: "Change" }).click();
  await dialog.getByRole("button", { name: "Remove all access" }).click();
  await page.getByRole("dialog", { name: "Remove Factor?" }).getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("Access removed")).toBeVisible();
  await page.reload();
  await expect(row.getByText("none")).toBeVisible();
  await row.getByRole("button", { name: "Change" }).click();
  await expect(dialog.getByRole("checkbox", { checked: true })).toHaveCount(0);
  await dialog.getByLabel(account, { exact: true }).check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Saved. Their sessions ended.")).toBeVisible();
  await page.reload();
  await expect(row.getByText(`on ${account}`)).toBeVisible();
  await guest.context().close();
});

import { expect, test } from "@playwright/test";
import { generateSync } from "otplib";
import { axe } from "../axe";
import { join, PASSWORD } from "../join";

test("a second factor is set up, asked for at sign-in, and switched off only for password and code", async ({
  page,
  browser,
  baseURL,
}) => {
  const email = `factor-${Date.now()}@example.com`;
  const guest = await join(page, browser, email, baseURL ?? "");

  await guest.goto("/settings/security");
  await guest.getByLabel("Your password").fill("not the password");
  await guest.getByRole("button", { name: "Set up" }).press("Enter");
  await expect(guest.getByLabel("Your password")).toHaveAccessibleDescription("The password is wrong.");
  await guest.getByLabel("Your password").fill(PASSWORD);
  await guest.getByRole("button", { name: "Set up" }).press("Enter");
  await expect(guest.getByRole("img", { name: "QR code with the key below" })).toBeVisible();
  const secret = ((await guest.locator(".enrol code").textContent()) ?? "").replaceAll(" ", "");
  await guest.getByLabel("Code that the app shows").fill("000000");
  await guest.getByRole("button", { name: "Switch on" }).press("Enter");
  await expect(guest.getByText("This code is wrong.")).toBeVisible();
  expect((await axe(guest).include("main").analyze()).violations).toEqual([]);
  await guest.getByLabel("Code that the app shows").fill(generateSync({ secret }));
  await guest.getByRole("button", { name: "Switch on" }).press("Enter");
  const codes = guest.locator(".codes li");
  await expect(codes.first()).toHaveText(/^\w{5}-\w{5}$/);
  const [backup = "", other = ""] = await codes.allTextContents();
  await guest.getByRole("link", { name: "I have kept them" }).press("Enter");
  await expect(guest.getByText("On. Signing in takes your password and a code.")).toBeVisible();

  // The password alone signs nobody in any more.
  await guest.getByRole("button", { name: "Sign out" }).first().click();
  await expect(guest).toHaveURL(/\/sign-in$/);
  await guest.getByLabel("E-mail address").fill(email);
  await guest.getByLabel("Password").fill(PASSWORD);
  await guest.getByRole("button", { name: "Sign in" }).press("Enter");
  const code = guest.getByLabel("Code", { exact: true });
  await code.fill("000000");
  await guest.getByRole("button", { name: "Continue" }).press("Enter");
  await expect(guest.getByText("This code is wrong or was used already.")).toBeVisible();
  const spent = generateSync({ secret });
  await code.fill(spent);
  await guest.getByRole("button", { name: "Continue" }).press("Enter");
  await expect(guest.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();

  // A backup code, as people type it, leads on by how many are left.
  await guest.getByRole("button", { name: "Sign out" }).first().click();
  await expect(guest).toHaveURL(/\/sign-in$/); // an address that is gone to at once would cut the request short
  await guest.goto("/scans");
  await guest.getByLabel("E-mail address").fill(email);
  await guest.getByLabel("Password").fill(PASSWORD);
  await guest.getByRole("button", { name: "Sign in" }).press("Enter");
  await code.fill(other.toUpperCase().replace("-", " "));
  await guest.getByRole("button", { name: "Continue" }).press("Enter");
  await expect(guest.getByText("9 of 10 backup codes are left.")).toBeVisible();
  expect((await axe(guest).include("main").analyze()).violations).toEqual([]);
  await guest.getByRole("link", { name: "Go on" }).press("Enter");
  await expect(guest.getByRole("heading", { name: "Scans", level: 1 })).toBeVisible();

  // Nor does the password alone, or a code that was used, switch it off.
  await guest.goto("/settings/security");
  await guest.getByRole("button", { name: "Switch off" }).press("Enter");
  const dialog = guest.getByRole("dialog", { name: "Switch off the second factor?" });
  expect((await axe(guest).include("[role=dialog]").analyze()).violations).toEqual([]);
  const proof = dialog.getByLabel(/^Code of your authenticator app/);
  const off = async (password: string, given: string): Promise<void> => {
    await dialog.getByLabel("Your password").fill(password);
    await proof.fill(given);
    await dialog.getByRole("button", { name: "Switch off" }).press("Enter");
  };
  await off("not the password", backup);
  await expect(dialog.getByLabel("Your password")).toHaveAccessibleDescription("The password is wrong.");
  await off(PASSWORD, spent);
  await expect(proof).toHaveAccessibleDescription(/wrong or was used already/);
  await off(PASSWORD, backup); // the wrong password above did not spend it
  await expect(dialog).toBeHidden();
  await expect(guest.getByText("Off. Whoever learns your password can sign in as you.")).toBeVisible();
  await guest.context().close();
});

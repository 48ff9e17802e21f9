import { expect, test } from "@playwright/test";

test.use({ storageState: { cookies: [], origins: [] } });

test("a stranger is sent to sign in and told nothing", async ({ page, request, baseURL }) => {
  await page.goto("/findings?severity=critical");
  await expect(page).toHaveURL(/\/sign-in\?to=%2Ffindings%3Fseverity%3Dcritical$/);
  await expect(page.getByRole("button", { name: "Sign in" })).toHaveCSS("justify-content", "center");
  expect((await request.get("/api/v1/events")).status()).toBe(401);
  expect((await request.get("/api/v1/accounts/019234ab-0000-7000-8000-000000000001/test")).status()).toBe(401);
  const signUp = await request.post("/api/auth/sign-up/email", {
    data: { name: "x", email: "stranger@example.com", password: "a long password 1" },
    headers: { origin: baseURL ?? "" },
  });
  expect(signUp.ok()).toBe(false);
});

test("an unknown user and a wrong password get the same answer", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill("nobody@example.com");
  await page.getByLabel("Password").fill("a long wrong password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("E-mail address or password is wrong.")).toBeVisible();
});

test("guessing at one address is throttled", async ({ request, baseURL }) => {
  const attempt = () =>
    request.post("/api/auth/sign-in/email", {
      data: { email: `guess-${test.info().retry}-${process.pid}@example.com`, password: "a long wrong password" },
      headers: { origin: baseURL ?? "" },
    });
  const statuses: number[] = [];
  for (let count = 0; count < 12; count += 1) statuses.push((await attempt()).status());
  expect(statuses[0]).toBe(401);
  expect(statuses.at(-1)).toBe(429);
});

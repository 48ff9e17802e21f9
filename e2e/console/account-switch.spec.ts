import { expect, test } from "@playwright/test";
import { axe } from "../axe";

const button = /^Accounts: /;

test("the switch shows the lists of one account, and the navigation keeps it", async ({ page }) => {
  await page.goto("/findings?severity=high");
  const nav = page.getByRole("navigation", { name: "Main" });
  await nav.getByRole("button", { name: button }).press("Enter");
  const all = page.getByRole("menuitemradio", { name: "All accounts" });
  await expect(all).toBeChecked();
  const one = page.getByRole("menuitemradio").nth(1);
  await expect(one).toBeVisible();
  const name = ((await one.textContent()) ?? "").trim();
  expect((await axe(page).include(".menu-pop").analyze()).violations).toEqual([]);
  await expect(async () => {
    await page.keyboard.press("ArrowDown");
    await expect(one).toBeFocused({ timeout: 200 });
  }).toPass();
  await page.keyboard.press("Enter");

  // The list's own filter is set, and its others stay.
  await expect(page).toHaveURL(/severity=high.*account=[0-9a-f-]{36}|account=[0-9a-f-]{36}.*severity=high/);
  const account = new URL(page.url()).searchParams.get("account") ?? "";
  await expect(nav.getByRole("button", { name: button })).toContainText(name);

  // From list to list, to the overview, over a page that has no use for it, and over a reload.
  await nav.getByRole("link", { name: /^Clusters/ }).click();
  await expect(page).toHaveURL(`/clusters?account=${account}`);
  await page.reload();
  await expect(nav.getByRole("button", { name: button })).toContainText(name);
  await nav.getByRole("link", { name: "Overview" }).click();
  await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();
  await expect(page).toHaveURL(`/?account=${account}`);
  await expect(page.locator(".head .sub")).toContainText(name);
  for (const name of ["Exemptions", "Accounts"]) {
    await nav.getByRole("link", { name: new RegExp(`^${name}`) }).click();
    await expect(page).toHaveURL(`/${name.toLowerCase()}?account=${account}`);
    await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  }
  await expect(page.locator(".t-accounts tbody tr")).toHaveCount(1);
  await expect(page.locator(".head .sub")).toContainText(/^1 of \d+ accounts connected/);
  await nav.getByRole("link", { name: "Exemptions" }).click();
  await page.getByRole("link", { name: /^Ended/ }).click();
  await expect(page).toHaveURL(`/exemptions?state=ended&account=${account}`);
  await nav.getByRole("link", { name: "Settings" }).click();
  await expect(page).toHaveURL(/\/settings\//);
  await expect(nav.getByRole("button", { name: button })).toContainText("All accounts");
  await nav.getByRole("link", { name: "Scans" }).click();
  await expect(page).toHaveURL(`/scans?account=${account}`);

  await nav.getByRole("button", { name: button }).press("Enter");
  await expect(page.getByRole("menuitemradio", { name, exact: true })).toBeChecked();
  await page.getByRole("menuitemradio", { name: "All accounts" }).click();
  await expect(page).toHaveURL("/scans");
  await nav.getByRole("link", { name: /^Findings/ }).click();
  await expect(page).toHaveURL("/findings");
});

test("the overview of one account shows that account's figures, and its links keep it", async ({ page, request }) => {
  const { items } = (await (await request.get("/api/v1/accounts")).json()) as { items: { id: string; name: string }[] };
  await page.goto("/");
  const whole = await page.locator(".t-sev tfoot .s1").textContent();
  const nav = page.getByRole("navigation", { name: "Main" });
  await nav.getByRole("button", { name: button }).click();
  await page.getByRole("menuitemradio", { name: items[0]?.name ?? "", exact: true }).click();
  await expect(page).toHaveURL(`/?account=${items[0]?.id}`);
  await expect(nav.getByRole("button", { name: button })).toContainText(items[0]?.name ?? "");
  const findings = async (query: string) =>
    ((await (await request.get(`/api/v1/findings/counts?${query}`)).json()) as { total: number }).total;
  const own = await findings(`account=${items[0]?.id}`);
  await expect(page.locator(".t-sev tfoot .s1")).toHaveText(own.toLocaleString("en"));
  expect(whole).toBe((await findings("")).toLocaleString("en"));
  expect((await axe(page).analyze()).violations).toEqual([]);

  // The groups add up to what the one account's score lacks.
  const figure = async (selector: string) => Number((await page.locator(selector).textContent())?.replace("+", ""));
  expect((await figure(".score b")) + (await figure(".t-groups tfoot .g5"))).toBeCloseTo(100, 0);

  await page.getByRole("region", { name: "What to fix first" }).locator("tbody a").first().click();
  await expect(page).toHaveURL(new RegExp(`/recommendations/SW-\\d+\\?account=${items[0]?.id}$`));
  await expect(nav.getByRole("button", { name: button })).toContainText(items[0]?.name ?? "");
  const control = /SW-\d+/.exec(page.url())?.[0] ?? "";
  await expect(page.locator(".figs dd").first()).toContainText(
    (await findings(`account=${items[0]?.id}&control=${control}`)).toLocaleString("en"),
  );

  await page.goto("/?account=00000000-0000-7000-8000-000000000000");
  await expect(page.getByRole("heading", { name: "No such account" })).toBeVisible();
  await page.goto("/?days=7&account=nonsense");
  await expect(page).toHaveURL("/?days=7");
});

test("a cluster's score says its last thirty days in words", async ({ page }) => {
  await page.goto("/clusters");
  await expect(
    page.getByRole("img", { name: /^Score (since|over) .*: from \d+\.\d to \d+\.\d/ }).first(),
  ).toBeVisible();
  await page.goto("/accounts");
  await expect(page.getByRole("img", { name: /^Score (since|over)/ }).first()).toBeVisible();
});

import { expect, test } from "@playwright/test";
import { axe } from "../axe";
import { join } from "../join";

const REASON = `Accepted until the next platform ${Date.now()}`;

test("an exemption is previewed, made from selected findings, seen in the list and withdrawn", async ({ page }) => {
  await page.goto("/findings?severity=high&exempted=false");
  const rows = page.locator("tbody input[type=checkbox]");
  for (const at of [0, 1]) await rows.nth(at).check({ force: true });
  await page.getByRole("button", { name: "Exempt…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Type").selectOption("waiver");
  await expect(dialog.getByText("It would hold for 2 open findings.")).toBeVisible();
  await dialog.getByRole("button", { name: "Exempt", exact: true }).click();
  await expect(dialog.getByText("Please correct what is marked.")).toBeVisible();

  // Everything that is wrong is marked at once, and the title stays in sight.
  await dialog.getByLabel("Until").fill("2020-01-01");
  await dialog.getByRole("button", { name: "Exempt", exact: true }).click();
  await expect(dialog.getByLabel("Until")).toHaveAttribute("aria-invalid", "true");
  await expect(dialog.getByLabel("Why")).toHaveAttribute("aria-invalid", "true");
  await dialog.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(dialog.getByRole("heading", { name: "Exempt", exact: true })).toBeInViewport({ ratio: 1 });
  await dialog.getByLabel("Until").fill(new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10));
  await dialog.getByLabel("Why").fill(REASON);
  expect((await axe(page).include("[role=dialog]").analyze()).violations).toEqual([]);
  await dialog.getByRole("button", { name: "Exempt", exact: true }).click();
  await expect(dialog).toBeHidden();

  await page.goto("/exemptions?state=active");
  const row = page.getByRole("row").filter({ hasText: REASON });
  await row.getByRole("link", { name: "2", exact: true }).click();
  await expect(page.locator(".chip").filter({ hasText: REASON })).toBeVisible();
  await expect(page.locator("tbody input[type=checkbox]")).toHaveCount(2);
  await page.goto("/findings?exempted=true");
  const shown = page.locator(".dt td .under").filter({ hasText: "exempted" });
  await expect(shown.first()).toHaveText(/^(AKS|EKS|GKE|Arc)\s*·\s*exempted$/);
  await page.goto("/findings");
  await expect(page.getByText(/^\d+ of these findings are exempted/)).toBeVisible();

  // Lists and files show the score with them and as if there were none; the address says which.
  await page.goto("/clusters?sort=score");
  await page.getByRole("link", { name: "Look without exemptions" }).click();
  await expect(page).toHaveURL(/\/clusters\?exemptions=without&sort=score$/);
  await expect(page.getByRole("columnheader", { name: "Without exemptions" })).toBeVisible();
  await expect(page.getByText("under this filter")).toBeHidden();
  await page.reload();
  await page.getByRole("link", { name: "Look with exemptions" }).click();
  await expect(page).toHaveURL(/\/clusters\?sort=score$/);
  await page.goto("/score-history?scope=cluster");
  await page.getByRole("link", { name: "Look without exemptions" }).click();
  await expect(page.getByRole("columnheader", { name: "Without exemptions" })).toBeVisible();
  await page.goto("/accounts");
  await page.getByRole("link", { name: "Look without exemptions" }).click();
  await expect(page.getByRole("columnheader", { name: "Without exemptions" })).toBeVisible();
  expect((await axe(page).analyze()).violations).toEqual([]);

  await page.goto("/exemptions?state=active");
  await row.getByRole("button", { name: "Withdraw" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Withdraw" }).click();
  await expect(row).toBeHidden();
  await page.goto("/exemptions?state=ended");
  await expect(row.getByText("withdrawn")).toBeVisible();
});

test("from a recommendation one workload can be named, wherever it runs", async ({ page }) => {
  await page.goto("/recommendations/SW-0019");
  await page.getByRole("button", { name: "Exempt…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("For").selectOption({ label: "Everywhere" });
  const all = await dialog.getByText(/^It would hold for [\d,]+ open findings\./).textContent();
  await dialog.getByLabel("Only with name").fill("node-exporter");
  const named = dialog.getByText(/^It would hold for \d+ open findings\./);
  await expect(named).not.toHaveText(all ?? "");
  const amount = Number(/\d+/.exec((await named.textContent()) ?? "")?.[0]);
  const { total } = (await (
    await page.request.get("/api/v1/findings/counts?control=SW-0019&q=node-exporter&exempted=false")
  ).json()) as { total: number };
  expect(amount).toBe(total);
  await dialog.getByLabel("Only with name").fill("nobody-of-this-name");
  await expect(dialog.getByText("It would hold for no open finding today")).toBeVisible();
});

test("where another person must approve, who asks cannot, and it holds only when somebody else did", async ({
  page,
  browser,
  baseURL,
}) => {
  const saveRule = async (approval: boolean): Promise<void> => {
    await page.goto("/exemptions");
    await page.getByLabel("Another person must approve").setChecked(approval);
    await page.getByRole("button", { name: "Save the rule" }).click();
    await expect(page.getByText("Saved", { exact: false })).toBeVisible();
  };
  const reason = `Asked of another person ${Date.now()}`;
  await saveRule(true);
  const asker = await join(page, browser, `asker-${Date.now()}@example.com`, baseURL ?? "", { role: "Security Admin" });
  await asker.goto("/recommendations/SW-0019");
  await asker.getByRole("button", { name: "Ask for an exemption…" }).click();
  const dialog = asker.getByRole("dialog");
  await dialog.getByLabel("For").selectOption({ label: "Everywhere" });
  await dialog.getByLabel("Only with name").fill("node-exporter");
  await dialog.getByLabel("Until").fill(new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10));
  await dialog.getByLabel("Why").fill(reason);
  await dialog.getByRole("button", { name: "Ask for it" }).click();
  await expect(dialog).toBeHidden();
  await asker.goto("/exemptions?state=requested");
  const own = asker.getByRole("row").filter({ hasText: reason });
  await expect(own.getByRole("button", { name: "Withdraw" })).toBeVisible();
  await expect(own.getByRole("button", { name: "Approve" })).toHaveCount(0);
  await asker.context().close();

  await page.goto("/exemptions?state=requested");
  const row = page.getByRole("row").filter({ hasText: reason });
  await expect(row.getByText("none yet")).toBeVisible();
  await row.getByRole("button", { name: "Approve" }).click();
  const confirm = page.getByRole("dialog");
  await expect(confirm.getByText(/It would hold for [1-9]/)).toBeVisible();
  await expect(confirm.getByText(reason)).toBeVisible(); // the dialog covers the row
  expect((await axe(page).include("[role=dialog]").analyze()).violations).toEqual([]);
  await confirm.getByRole("button", { name: "Approve" }).click();
  await expect(row).toBeHidden();
  await page.goto("/exemptions?state=active");
  await expect(row.getByRole("link", { name: /^[1-9]/ }).last()).toBeVisible();
  await row.getByRole("button", { name: "Withdraw" }).click();
  await confirm.getByRole("button", { name: "Withdraw" }).click();
  await expect(row).toBeHidden();
  await saveRule(false);
});

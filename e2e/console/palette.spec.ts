import { expect, type Page, test } from "@playwright/test";

async function type(page: Page, text: string): Promise<void> {
  await page.keyboard.press("Control+K");
  await page.getByPlaceholder("Page, cluster, control, namespace, or text").fill(text);
}
const chosen = (page: Page) => page.locator('[cmdk-item][aria-selected="true"]');

test("what is typed whole is the first hit, and Enter goes there", async ({ page, request }) => {
  const { items } = (await (await request.get("/api/v1/clusters?size=1")).json()) as {
    items: { id: string; name: string }[];
  };
  await page.goto("/settings/sessions");
  await type(page, items[0]?.name ?? "");
  await expect(chosen(page)).toContainText(items[0]?.name ?? "");
  await expect(page.locator("[cmdk-group-heading]").first()).toHaveText("By that name");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`/clusters/${items[0]?.id}`);

  await type(page, "sw-0010");
  await expect(chosen(page)).toContainText("SW-0010");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/recommendations/SW-0010");

  // A part of a name: rows come after the searches, and the first row is chosen then, but for who chose another.
  await type(page, (items[0]?.name ?? "").slice(0, -1));
  await expect(page.locator("[cmdk-group-heading]").first()).toHaveText("Clusters");
  await expect(page.locator("[cmdk-item]").first()).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowDown");
  await expect(page.locator("[cmdk-item]").nth(1)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Escape");

  // Words are looked for one by one.
  await type(page, "net pol");
  await expect(
    page
      .locator("[cmdk-item]")
      .filter({ hasText: /network polic/i })
      .first(),
  ).toBeVisible();
  await page.keyboard.press("Escape");

  await type(page, "kube-system");
  await expect(chosen(page)).toContainText("namespace kube-system");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/findings?namespace=kube-system");

  await type(page, "CVE-2021-44228");
  await expect(page.getByText("Images are not scanned for vulnerabilities")).toBeVisible();
  await expect(page.getByText("By that name")).toHaveCount(0);
});

test("the inventory opens with the workloads of people, and says so", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Inventory" }).click();
  await expect(page).toHaveURL("/inventory?type=workload&part=own");
  await expect(page.locator(".filters .chip")).toHaveText([/What\s*Workloads/, /Whose\s*Yours/]);
  await expect(page.locator(".views [aria-current=true]")).toHaveText("Your workloads");
  const said = async () =>
    Number(/([\d,]+) things/.exec((await page.locator(".head .sub").textContent()) ?? "")?.[1]?.replace(",", ""));
  const own = await said();
  for (const name of await page.locator(".dt tbody tr[data-index]").allTextContents())
    expect(name).not.toContain("kube-system");
  await page.goto("/inventory?type=workload&part=system");
  const system = await said();
  await page.goto("/inventory?type=workload");
  expect(await said()).toBe(own + system);
  await page.goto("/inventory?type=workload&part=own&q=a");
  await expect(page.locator(".dt tbody tr[data-index]").first()).toBeVisible();
});

import { expect, test } from "@playwright/test";

const NAMES = [
  "<img src=x onerror=alert(1)>",
  "x".repeat(253),
  "حاوية-الدفع\u202eexe.gnp",
  "🚢".repeat(60),
  "line\nbreak\u0000bell\u0007",
  "javascript:alert(1)",
];

/** Kubernetes refuses some of these; a cluster that lies does not. The API's answer is made of one real row with these names. */
for (const width of [1440, 390])
  test(`hostile and long names are text, stay in their cell and turn nothing around them (${width} px)`, async ({
    page,
  }) => {
    let dialogs = 0;
    page.on("dialog", (dialog) => {
      dialogs += 1;
      void dialog.dismiss();
    });
    await page.setViewportSize({ width, height: 900 });
    await page.goto("/findings");
    const [template] = (await (await page.request.get("/api/v1/findings?size=1")).json()).items;
    await page.route("**/api/v1/findings?*", (route) =>
      route.fulfill({
        json: {
          items: NAMES.map((name, index) => ({
            ...template,
            id: `00000000-0000-7000-8000-${String(index).padStart(12, "0")}`,
            name,
            namespace: name,
            message: `Container ${name} runs privileged.`,
            owner: name,
            cluster: { ...template.cluster, name },
            evidence: [{ path: `spec.containers[0]["${name}"]`, message: name }],
          })),
          next: null,
          asOf: new Date().toISOString(),
          notes: [],
        },
      }),
    );
    await page.getByRole("link", { name: "Newest" }).click();
    const rows = page.locator(".dt tbody tr[data-index]");
    await expect(rows).toHaveCount(NAMES.length);
    await expect(rows.first()).toContainText("<img src=x onerror=alert(1)>");
    await expect(rows.nth(4)).toContainText("line␊break␀bell␇");
    await expect(page.locator("main img")).toHaveCount(0);
    expect(dialogs).toBe(0);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    if (width > 720) for (const row of await rows.all()) expect((await row.boundingBox())?.height).toBeLessThan(48);
  });

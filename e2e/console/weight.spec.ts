import { expect, test } from "@playwright/test";
import { everyPage } from "../pages";

const MOST_KB = 250;

test("the first load of any page is at most 250 KB of compressed JavaScript", async ({ browser, page }) => {
  test.setTimeout(240_000);
  const storageState = await page.context().storageState();
  const weights: [address: string, kb: number][] = [];
  for (const address of await everyPage(page)) {
    // A context of its own has an empty cache: everything is loaded, as on a first visit.
    const context = await browser.newContext({ storageState });
    const fresh = await context.newPage();
    const sizes: Promise<number>[] = [];
    fresh.on("requestfinished", (request) => {
      if (request.resourceType() === "script") sizes.push(request.sizes().then((each) => each.responseBodySize));
    });
    await fresh.goto(address, { waitUntil: "load" });
    const sum = (await Promise.all(sizes)).reduce((total, size) => total + size, 0);
    weights.push([address, Math.round(sum / 1000)]);
    await context.close();
  }
  console.log(weights.map(([address, kb]) => `${String(kb).padStart(4)} kB  ${address}`).join("\n"));
  for (const [address, kb] of weights) expect(kb, address).toBeLessThanOrEqual(MOST_KB);
});

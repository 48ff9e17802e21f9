import { expect, type Page, test } from "@playwright/test";
import { markAlike, unmarkAlike } from "./alike";
import { axe } from "./axe";

interface Look {
  theme: "light" | "dark";
  width: number;
}
/** Every look in which a state is examined. */
export const LOOKS = [
  { theme: "light", width: 1440 },
  { theme: "dark", width: 1440 },
  { theme: "light", width: 390 },
  { theme: "dark", width: 390 },
] as const satisfies readonly Look[];

/** What axe finds on the page as it stands: the rule and up to three places of each; of texts drawn alike one is looked at for its contrast. */
export async function violationsOf(page: Page): Promise<string[]> {
  await markAlike(page);
  const { violations } = await axe(page).analyze();
  await unmarkAlike(page);
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .map(({ target }) => target.join(" "))
        .slice(0, 3)
        .join(" | ")}`,
  );
}

/** Examines the page as it stands, in every look and without reading it anew: no violation, nothing off the edge; its pictures are kept. */
export async function examine(page: Page, name: string, looks: readonly Look[] = LOOKS): Promise<void> {
  for (const { theme, width } of looks) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    await page.evaluate((chosen) => {
      document.documentElement.dataset.theme = chosen;
    }, theme);
    await page.screenshot({ animations: "disabled", path: test.info().outputPath(`${name}-${theme}-${width}.png`) });
    expect(await violationsOf(page), `${name}, ${theme}, ${width} px`).toEqual([]);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, `${name} scrolls sideways at ${width} px`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

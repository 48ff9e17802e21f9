import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/**
 * axe on a page with its rules and, of its experimental ones, WCAG 2.5.3 Label in Name: who speaks to the page says what is written on it.
 * Narrow it with `include`, then `analyze`. Only violations are told whole: to name every place that is in order takes longer than to look.
 */
export const axe = (page: Page): AxeBuilder =>
  new AxeBuilder({ page })
    .setLegacyMode(true) // within the page: our policy lets nobody put a frame of another origin into it
    .options({ resultTypes: ["violations"], rules: { "label-content-name-mismatch": { enabled: true } } });

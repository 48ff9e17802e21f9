import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/**
 * axe on a page with its rules and, of its experimental ones, WCAG 2.5.3 Label in Name: who speaks to the page says what is written on it.
 * Narrow it with `include`, then `analyze`.
 */
export const axe = (page: Page): AxeBuilder =>
  new AxeBuilder({ page }).options({ rules: { "label-content-name-mismatch": { enabled: true } } });

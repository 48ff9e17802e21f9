import { createRequire } from "node:module";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { z } from "zod";
import { ALIKE } from "./alike";

const own = createRequire(import.meta.url);
/** The axe that its builder brings along. */
const { source } = z
  .object({ source: z.string() })
  .parse(createRequire(own.resolve("@axe-core/playwright"))("axe-core"));
/** Texts that are marked as drawn like another one are not looked at for their contrast again; every other rule looks at all. */
const axeSource = `${source};axe.configure({ rules: [{ id: "color-contrast", selector: "*:not([${ALIKE}])" }] });`;

/**
 * axe on a page with its rules and, of its experimental ones, WCAG 2.5.3 Label in Name: who speaks to the page says what is written on it.
 * Narrow it with `include`, then `analyze`. Only violations are told whole: to name every place that is in order takes longer than to look.
 */
export const axe = (page: Page): AxeBuilder =>
  new AxeBuilder({ page, axeSource })
    .setLegacyMode(true) // within the page: our policy lets nobody put a frame of another origin into it
    .options({ resultTypes: ["violations"], rules: { "label-content-name-mismatch": { enabled: true } } });

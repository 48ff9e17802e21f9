import type { Page } from "@playwright/test";

/** Stands on texts of which another one, drawn alike, is looked at for its contrast. */
export const ALIKE = "data-alike";

/**
 * Marks every text that is drawn as one before it: in elements of the same tags and classes all the way up, each with the same colours,
 * backgrounds, opacity and effects, in the same type, covered by the same. Rows of a list are alike but for what differs in them; to
 * look at the contrast of each takes most of the time of a page.
 */
export const markAlike = (page: Page): Promise<void> =>
  page.evaluate((mark) => {
    const paints = new Map<Element, string>();
    const paintOf = (element: Element): string => {
      const known = paints.get(element);
      if (known !== undefined) return known;
      const own = [null, "::before", "::after"].map((pseudo) => {
        const { backgroundColor, backgroundImage, opacity, filter, mixBlendMode, position, content } = getComputedStyle(
          element,
          pseudo,
        );
        if (pseudo !== null && content === "none") return "";
        return [backgroundColor, backgroundImage, opacity, filter, mixBlendMode, position].join();
      });
      const name = `${element.tagName}.${element.getAttribute("class") ?? ""}`;
      const above = element.parentElement === null ? "" : paintOf(element.parentElement);
      const paint = `${name} ${own.join("|")} < ${above}`;
      paints.set(element, paint);
      return paint;
    };
    const coverOf = (element: Element): string => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const hit = document.elementFromPoint(left + width / 2, top + height / 2);
      return hit === null || hit.contains(element) || element.contains(hit) ? "" : paintOf(hit);
    };
    const seen = new Set<string>();
    for (const element of document.body.querySelectorAll("*")) {
      const says = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim());
      if (!says) continue;
      const { color, fontSize, fontWeight, textShadow, visibility, display } = getComputedStyle(element);
      const { width, height } = element.getBoundingClientRect();
      const type = [color, fontSize, fontWeight, textShadow, visibility, display, width > 0, height > 0].join();
      const drawn = `${type} ${paintOf(element)} ${coverOf(element)}`;
      if (seen.has(drawn)) element.setAttribute(mark, "");
      seen.add(drawn);
    }
  }, ALIKE);

/** Takes the marks away again. */
export const unmarkAlike = (page: Page): Promise<void> =>
  page.evaluate((mark) => {
    for (const element of document.querySelectorAll(`[${mark}]`)) element.removeAttribute(mark);
  }, ALIKE);

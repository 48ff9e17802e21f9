import type { Page } from "@playwright/test";

/** Stands on texts of which another one, drawn alike, is looked at for its contrast. */
export const ALIKE = "data-alike";

/**
 * Marks every text that is drawn as one before it: in elements of the same tags and classes all the way up, each with the same colours,
 * backgrounds, opacity and effects, in the same type, covered by the same. Rows of a list are alike but for what differs in them; to
 * look at the contrast of each takes most of the time of a page. What axe itself passes over (signs without a letter, what is disabled,
 * what is cut away) speaks for no other.
 */
export const markAlike = (page: Page): Promise<void> =>
  page.evaluate((mark) => {
    const paints = new Map<Element, string>();
    const paintOf = (element: Element): string => {
      const known = paints.get(element);
      if (known !== undefined) return known;
      const own = [null, "::before", "::after"].map((pseudo) => {
        const style = getComputedStyle(element, pseudo);
        if (pseudo !== null && style.content === "none") return "";
        const { backgroundColor, backgroundImage, opacity, filter, mixBlendMode, position, clipPath, zIndex } = style;
        return [backgroundColor, backgroundImage, opacity, filter, mixBlendMode, position, clipPath, zIndex].join();
      });
      const name = `${element.tagName}.${element.getAttribute("class") ?? ""}`;
      const above = element.parentElement === null ? "" : paintOf(element.parentElement);
      const paint = `${name} ${own.join("|")} < ${above}`;
      paints.set(element, paint);
      return paint;
    };
    /** What lies over and under it, besides what it stands in. */
    const coverOf = (element: Element): string => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return document
        .elementsFromPoint(left + width / 2, top + height / 2)
        .filter((hit) => !hit.contains(element) && !element.contains(hit))
        .map(paintOf)
        .join(" / ");
    };
    const isOff = (element: Element): boolean => {
      const label = element.closest("label");
      return [element.closest("button, fieldset, input, select, textarea, [aria-disabled]"), label?.control].some(
        (one) => one?.matches(":disabled, [aria-disabled=true]"),
      );
    };
    const seen = new Set<string>();
    for (const element of document.body.querySelectorAll("*")) {
      const says = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && /[\p{L}\p{N}]/u.test(node.nodeValue ?? ""),
      );
      if (!says || isOff(element)) continue;
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

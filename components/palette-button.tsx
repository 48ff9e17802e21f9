"use client";

import { Icon } from "./icon";
import { askForPalette } from "./palette-key";

/** The palette's button where the navigation has no room. */
export function PaletteButton() {
  return (
    <button type="button" className="ib" aria-label="Search" onClick={askForPalette}>
      <Icon name="search" />
    </button>
  );
}

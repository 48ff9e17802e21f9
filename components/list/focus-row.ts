const PATIENCE_MS = 3000;
/** Frames for which a row must keep the focus: a table that measures itself anew makes its rows again. */
const HELD = 3;
let latest = 0;

/**
 * Focuses a row of the list, which may only come into the document in a later frame, when the table has scrolled to it or taken
 * its room back. Gives up for a later call, and for a person who began to type.
 */
export function focusRow(id: string): void {
  const turn = ++latest;
  const until = performance.now() + PATIENCE_MS;
  let held = 0;
  const look = (): void => {
    const focused = document.activeElement;
    const typing = focused instanceof HTMLInputElement && focused.type !== "checkbox";
    if (turn !== latest || typing || performance.now() > until) return;
    const row = document.getElementById(`row-${id}`);
    if (row !== null && row === focused) held++;
    else {
      held = 0;
      row?.focus({ preventScroll: true });
    }
    if (held < HELD) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

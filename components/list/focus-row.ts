const PATIENCE_MS = 3000;
/** For so long a row must keep the focus: a table that measures itself anew makes its rows again, on a busy machine late. */
const HELD_MS = 500;
let latest = 0;

/**
 * Focuses a row of the list, which may only come into the document in a later frame, when the table has scrolled to it or taken
 * its room back. Gives up for a later call, and for a person who began to type or went elsewhere.
 */
export function focusRow(id: string): void {
  const turn = ++latest;
  let until = performance.now() + PATIENCE_MS;
  let had = false;
  const look = (): void => {
    const focused = document.activeElement;
    const row = document.getElementById(`row-${id}`);
    const typing = focused instanceof HTMLInputElement && focused.type !== "checkbox";
    const elsewhere = had && focused !== row && focused !== document.body; // a row that was made again leaves the body
    if (turn !== latest || typing || elsewhere || performance.now() > until) return;
    row?.focus({ preventScroll: true });
    if (!had && row !== null && document.activeElement === row) {
      had = true;
      until = performance.now() + HELD_MS;
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

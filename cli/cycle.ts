import { EVENT_ID, type Event } from "js-yaml";

/** An alias of what it stands in: the document, from 0, and where in the text. */
export interface Cycle {
  document: number;
  place: number;
}

/**
 * The first alias that stands inside what it stands for; null when there is none. Kubernetes' reader refuses such ("anchor 'a' value
 * contains itself"), merged ones too: written out they would have no end.
 */
export function cycleIn(text: string, events: readonly Event[]): Cycle | null {
  let document = -1;
  /** What each name stands for by now, as the place of its event; a name may be given again. */
  let meant = new Map<string, number>();
  /** Of everything that is open, the place of its event. */
  const open: number[] = [];
  const unended = new Set<number>();
  for (const [at, event] of events.entries()) {
    if (event.type === EVENT_ID.POP) {
      unended.delete(open.pop() ?? -1);
      continue;
    }
    if (event.type === EVENT_ID.ALIAS) {
      const named = meant.get(text.slice(event.anchorStart, event.anchorEnd));
      if (named !== undefined && unended.has(named)) return { document, place: event.anchorStart };
      continue;
    }
    if (event.type === EVENT_ID.DOCUMENT) {
      document += 1;
      meant = new Map();
    } else if (event.anchorStart >= 0) meant.set(text.slice(event.anchorStart, event.anchorEnd), at);
    if (event.type === EVENT_ID.SCALAR) continue;
    open.push(at);
    unended.add(at);
  }
  return null;
}

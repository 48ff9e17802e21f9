export type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Drops keys without a value, so that an absent fact is absent. */
export function present<T extends object>(facts: T): Present<T> {
  const kept = Object.entries(facts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as Present<T>; // the same keys, less the undefined
}

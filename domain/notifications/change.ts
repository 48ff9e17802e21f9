/** Only what differs, before and after. */
export function changes<T extends object>(
  before: T | undefined,
  after: T,
): { before: Record<string, unknown>; after: Record<string, unknown> } {
  const was = Object.entries(before ?? {});
  const differs = Object.entries(after).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(was.find(([name]) => name === key)?.[1]),
  );
  const keys = new Set(differs.map(([key]) => key));
  return { before: Object.fromEntries(was.filter(([key]) => keys.has(key))), after: Object.fromEntries(differs) };
}

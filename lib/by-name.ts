/** Compares names as people read them: capitals and accents do not part what belongs together. */
export const byName = (a: { name: string }, b: { name: string }): number => a.name.localeCompare(b.name, "en");

import { beginning, containing, type Where } from "@/lib/http/where";

/** Must be the expression of the index Finding_search, letter by letter. */
const TEXT = `lower(f."name" || ' ' || f."namespace" || ' ' || f."message")`;
/** Letters from which on the index of texts helps: it knows nothing shorter. */
const TRIGRAM = 3;

/** Said with every answer that it is true of. */
export const SHORT_NOTE =
  "One or two letters find names and namespaces that begin with them. Three or more are looked for anywhere in name, namespace and message.";

/** Whether a text is too short for the index of texts: it is then compared with the beginnings of names. */
export const isShort = (q: string | null): q is string => q !== null && [...q].length < TRIGRAM;

const spellings = (q: string): string[] =>
  [...q].reduce<string[]>(
    (all, letter) => {
      const both = new Set([letter.toLowerCase(), letter.toUpperCase()]);
      return all.flatMap((start) => [...both].map((one) => start + one));
    },
    [""],
  );

/**
 * What a short text finds, as conditions of which each is a range of one index and a finding fits at most one: names, in small and large
 * letters, and namespaces, which Kubernetes writes small.
 */
export function beginnings(where: Where, q: string): { sql: string; order: string }[] {
  const names = spellings(q).map((one) => `f."name" LIKE ${where.bind(beginning(one))}`);
  const namespace = `f."namespace" LIKE ${where.bind(beginning(q.toLowerCase()))}`;
  return [
    ...names.map((sql) => ({ sql, order: `f."name"` })),
    { sql: `${namespace} AND NOT (${names.join(" OR ")})`, order: `f."namespace"` },
  ];
}

/** The condition of a text that somebody searches for. */
export function addText(where: Where, q: string): void {
  if (/^SW-\d{4}$/i.test(q)) where.and(`f."controlId" = ${where.bind(q.toUpperCase())}`);
  else if (isShort(q))
    where.and(
      beginnings(where, q)
        .map(({ sql }) => `(${sql})`)
        .join(" OR "),
    );
  else where.and(`${TEXT} LIKE ${where.bind(containing(q))}`);
}

import { type Content, type Entry, metadataOf } from "./content";
import type { Form } from "./kubernetes-accept";
import { Refusal } from "./kubernetes-answer";
import { apiVersionOf, type ServedKind } from "./kubernetes-kinds";
import { published } from "./published";

/** How long a continue token lives in simulated time: etcd's compaction interval. */
export const CONTINUE_MS = 5 * 60_000;

interface Continue {
  /** Simulated time of the consistent list, in milliseconds; null: whatever is newest. */
  time: number | null;
  /** The next page begins after this key. */
  after: string;
}

const encode = (token: Continue): string =>
  Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", ...token })).toString("base64url");

function decode(text: string): Continue {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    if (typeof value === "object" && value !== null && "time" in value && "after" in value) {
      const { time, after } = value;
      if ((time === null || typeof time === "number") && typeof after === "string") return { time, after };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Refusal(400, "continue key is not valid: encoded key could not be decoded");
}

export interface ListQuery {
  kind: ServedKind;
  namespace: string | undefined;
  limit: number | undefined;
  continue: string | undefined;
  now: Date;
  form: Form;
  /** Answers this page with a continue that leads back to it. */
  repeat: boolean;
  contentAt(time: Date): Content;
}

/** An object as `get` and `watch` serve it: with its type. List items carry none, as on a real API server. */
export const typed = (kind: ServedKind, entry: Entry): string =>
  `{"kind":${JSON.stringify(kind.kind)},"apiVersion":${JSON.stringify(apiVersionOf(kind))},${entry.json.slice(1)}`;

const META = "meta.k8s.io/v1";
/** An object's metadata alone: unlike items of an ordinary list, each of these says its type. */
export const partial = (entry: Entry): string =>
  `{"kind":"PartialObjectMetadata","apiVersion":"${META}","metadata":${metadataOf(entry)}}`;

/** One page of a list as JSON text. Throws `Refusal` 400 on a broken continue and 410 on an expired one. */
export function listPage(query: ListQuery): string {
  const token = query.continue === undefined ? undefined : decode(query.continue);
  const time = token === undefined || token.time === null ? query.now.getTime() : token.time;
  const after = token?.after ?? "";
  if (query.now.getTime() - time > CONTINUE_MS || time > query.now.getTime()) {
    throw new Refusal(
      410,
      "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
      { continue: encode({ time: null, after }) },
    );
  }
  const content = query.contentAt(new Date(time));
  const all = content.lists.get(query.kind.resource) ?? [];
  const rest = all.filter(
    (entry) =>
      (query.namespace === undefined || entry.namespace === query.namespace) && (after === "" || entry.key > after),
  );
  const page = query.limit === undefined ? rest : rest.slice(0, query.limit);
  const last = page.at(-1);
  const remaining = rest.length - page.length;
  const metadata = {
    resourceVersion: content.resourceVersion,
    ...(query.repeat
      ? { continue: encode({ time, after }), remainingItemCount: Math.max(1, remaining) }
      : remaining > 0 && last !== undefined
        ? { continue: encode({ time, after: last.key }), remainingItemCount: remaining }
        : {}),
  };
  const type =
    query.form === "metadata"
      ? { kind: "PartialObjectMetadataList", apiVersion: META }
      : { kind: `${query.kind.kind}List`, apiVersion: apiVersionOf(query.kind) };
  const items = page.map(query.form === "metadata" ? partial : (entry) => entry.json);
  const head = JSON.stringify(published("list", { ...type, metadata }));
  return `${head.slice(0, -1)},"items":[${items.join(",")}]}`;
}

import { isUtf8 } from "node:buffer";
import { setImmediate as otherWork } from "node:timers/promises";
import { OutboundError } from "./outbound-error";
import { type ItemSpan, scanList } from "./outbound-json-list";

/** Bytes of a list's items that are read before the process may do something else. */
const MOST_AT_ONCE = 1024 * 1024;

function dropPrototypeKeys(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (Object.hasOwn(value, "__proto__")) Reflect.deleteProperty(value, "__proto__");
  for (const inner of Object.values(value)) dropPrototypeKeys(inner);
}

function parseText(text: string, what: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new OutboundError(
      "malformed",
      `${what} answered with something that is not JSON. Check that the address is the API's.`,
      { cause },
    );
  }
  // An escaped spelling of the key has a \u00 in it; both are rare enough to afford the walk.
  if (text.includes("__proto__") || text.includes("\\u00")) dropPrototypeKeys(value);
  return value;
}

function checked(bytes: Buffer, maxDepth: number, what: string) {
  if (!isUtf8(bytes)) throw new OutboundError("malformed", `${what} answered with bytes that are not UTF-8 text.`);
  const scan = scanList(bytes, maxDepth);
  if (scan.deep)
    throw new OutboundError("too_large", `${what} answered with JSON nested deeper than ${maxDepth} levels.`);
  return scan.list;
}

/**
 * Parses JSON from outside: valid UTF-8, at most `maxDepth` levels, without `__proto__` keys. Errors: OutboundError
 * `malformed`, `too_large`. `what` names the source in the message.
 */
export function parseHostileJson(bytes: Buffer, maxDepth: number, what: string): unknown {
  checked(bytes, maxDepth, what);
  return parseText(bytes.toString("utf8"), what);
}

export interface PartialItems {
  /** The member of each item that `spare` looks at. */
  probe: string;
  /** The members that a spared item keeps. */
  kept: readonly string[];
  /** Whether an item with this parsed `probe` may come without its other members. */
  spare(probed: unknown): boolean;
}
/** How a list's items are read. */
export interface ItemReading {
  /** What of an item is kept; the rest is garbage before the next one is parsed. `list`: the object that holds them. Must not throw. */
  take(item: unknown, list: object): unknown;
  partial?: PartialItems;
}

/**
 * As `parseHostileJson`, for an object with an `items` array, whose items are parsed one by one and replaced by what `take`
 * keeps: a page that is parsed at once lives, with all that nobody needs, until its last item was seen. Items that `partial` spares
 * are parsed only in part, which is most of the cost of a list in which nothing changed; what is skipped is not checked to be
 * JSON either. An answer of another shape is parsed whole. Between items, each megabyte, the process gets to its other work: what
 * `take` makes of a page may take seconds.
 */
export async function parseHostileList(
  bytes: Buffer,
  maxDepth: number,
  what: string,
  reading: ItemReading,
): Promise<unknown> {
  const { take, partial } = reading;
  const spans = checked(bytes, maxDepth, what);
  const slice = (start: number, end: number) => bytes.toString("utf8", start, end);
  const envelope = parseText(
    spans === null ? slice(0, bytes.length) : slice(0, spans.open) + slice(spans.close, bytes.length),
    what,
  );
  if (typeof envelope !== "object" || envelope === null) return envelope;
  if (spans === null) {
    if (!("items" in envelope) || !Array.isArray(envelope.items)) return envelope;
    return Object.assign(envelope, { items: envelope.items.map((item) => take(item, envelope)) });
  }
  const read = ({ start, end, members }: ItemSpan): unknown => {
    const probe = partial && members?.findLast(({ key }) => key === partial.probe);
    if (partial === undefined || members === null || probe === undefined) return parseText(slice(start, end), what);
    const probed = parseText(slice(probe.start, probe.end), what);
    if (!partial.spare(probed)) return parseText(slice(start, end), what);
    const item: Record<string, unknown> = {};
    for (const { key, start, end } of members) {
      if (key === partial.probe) item[key] = probed;
      else if (partial.kept.includes(key)) item[key] = parseText(slice(start, end), what);
    }
    return item;
  };
  const items: unknown[] = [];
  let since = spans.open;
  for (const span of spans.items) {
    if (span.end - since > MOST_AT_ONCE) {
      since = span.start;
      await otherWork();
    }
    items.push(take(read(span), envelope));
  }
  return Object.assign(envelope, { items });
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const SPACE = 0x20;

/** Where the value of one key of an item stands. */
export interface Member {
  key: string;
  start: number;
  end: number;
}
/** Where one element of the list stands: its whole text, and its members; null members when a key is spelled with escapes. */
export interface ItemSpan {
  start: number;
  end: number;
  members: Member[] | null;
}
export interface ListSpans {
  /** Just behind the `[` of `items`, and at its `]`. */
  open: number;
  close: number;
  items: ItemSpan[];
}
export type Scan = { deep: true } | { deep: false; list: ListSpans | null };

/**
 * One pass over JSON text, without parsing: whether it nests deeper than `limit`, and, when it is an object with one
 * `items` array of objects, where each of them and its members stand. Anything odd gives no spans, never wrong ones for
 * text that is valid JSON.
 */
export function scanList(bytes: Uint8Array, limit: number): Scan {
  const { length } = bytes;
  let depth = 0;
  let odd = false;
  let listDepth = 0; // 2 within `items`, else 0
  let list: ListSpans | undefined;
  let item: ItemSpan | undefined;
  let key = "";
  let keyed = false; // a key was read, its colon not yet
  let value = -1; // where the value of `key` began
  let comma = true; // within `items`: an element may begin

  const text = (start: number, end: number) => String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 64)));
  const endMember = (end: number) => {
    if (item === undefined) return;
    if (value >= 0) item.members?.push({ key, start: value, end });
    value = -1;
  };

  for (let at = 0; at < length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const start = at + 1;
      let escaped = false;
      for (at++; at < length && bytes[at] !== QUOTE; at++) {
        if (bytes[at] === BACKSLASH) {
          escaped = true;
          at++;
        }
      }
      if (depth > 3 || value >= 0) continue;
      if (listDepth === 2 && depth === 2) odd = true;
      else if (depth === 1 || (listDepth === 2 && depth === 3)) {
        key = text(start, at);
        keyed = true;
        if (escaped) {
          if (item === undefined) odd = true;
          else item.members = null;
        }
      }
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth++;
      if (depth > limit) return { deep: true };
      if (depth === 1) odd ||= byte !== OPEN_BRACE;
      else if (depth === 2 && key === "items" && value >= 0) {
        if (list !== undefined || byte !== OPEN_BRACKET) odd = true;
        else {
          list = { open: at + 1, close: -1, items: [] };
          listDepth = 2;
          comma = true;
        }
        value = -1;
      } else if (depth === 3 && listDepth === 2) {
        if (byte !== OPEN_BRACE || !comma) odd = true;
        item = { start: at, end: -1, members: [] };
        comma = false;
        value = -1;
      }
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (depth === 3 && item !== undefined) {
        endMember(at);
        item.end = at + 1;
        list?.items.push(item);
        item = undefined;
      } else if (depth === 2 && listDepth === 2 && list !== undefined) {
        odd ||= comma && list.items.length > 0;
        list.close = at;
        listDepth = 0;
      }
      depth--;
    } else if (depth > 3 || byte === undefined || byte <= SPACE) {
    } else if (byte === COLON) {
      if (keyed) value = at + 1;
      keyed = false;
    } else if (byte === COMMA) {
      if (depth === 3) endMember(at);
      else if (depth === 2 && listDepth === 2) {
        odd ||= comma;
        comma = true;
      } else if (depth === 1) value = -1;
    } else if (depth === 2 && listDepth === 2) odd = true;
  }
  const whole = !odd && depth === 0 && list !== undefined && list.close >= 0;
  return { deep: false, list: whole && list !== undefined ? list : null };
}

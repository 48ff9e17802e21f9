import { isUtf8 } from "node:buffer";
import { OutboundError } from "./outbound-error";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether objects and arrays in JSON text nest deeper than `limit`; found without parsing. */
function isDeeperThan(bytes: Uint8Array, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth++;
      if (depth > limit) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return false;
}

function dropPrototypeKeys(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (Object.hasOwn(value, "__proto__")) Reflect.deleteProperty(value, "__proto__");
  for (const inner of Object.values(value)) dropPrototypeKeys(inner);
}

/**
 * Parses JSON from outside: valid UTF-8, at most `maxDepth` levels, without `__proto__` keys. Errors: OutboundError
 * `malformed`, `too_large`. `what` names the source in the message.
 */
export function parseHostileJson(bytes: Buffer, maxDepth: number, what: string): unknown {
  if (!isUtf8(bytes)) throw new OutboundError("malformed", `${what} answered with bytes that are not UTF-8 text.`);
  if (isDeeperThan(bytes, maxDepth)) {
    throw new OutboundError("too_large", `${what} answered with JSON nested deeper than ${maxDepth} levels.`);
  }
  const text = bytes.toString("utf8");
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

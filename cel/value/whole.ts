import { Double, Duration, isList, Timestamp, Uint, type Value } from "./boxed";
import { type Fault, NO_OVERLOAD } from "./fault";
import { isMap, type MapBuilder, mapEntries, mapSize } from "./map";
import { Message } from "./message";

/** The beginning of the year 1, which is Go's zero of times. */
const FIRST = -62135596800_000000000n;

/** Whether a value is the zero of its type, which `optional.ofNonZeroValue` leaves out. */
export function isZero(value: Value): boolean {
  if (value === null || value === false || value === 0 || value === "") return true;
  if (isList(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof Double) return value.$double === 0;
  if (value instanceof Uint) return value.$uint === 0n;
  if (value instanceof Duration) return value.$span === 0n;
  if (value instanceof Timestamp) return value.$instant === FIRST;
  if (value instanceof Message) return value.$message.zero(value.$content);
  return isMap(value) && mapSize(value) === 0;
}

/** Adds all entries of a map; false when a key repeats. */
export function addEntries(builder: MapBuilder, map: Value): boolean | Fault {
  if (!isMap(map)) return NO_OVERLOAD;
  for (const [key, value] of mapEntries(map)) {
    const added = builder.add(key, value);
    if (added !== true) return added;
  }
  return true;
}

import type { GapCode } from "@/domain/inventory/schema";

/** Every fault of the simulator with the gaps that may be made of it. `repeat-page` does nothing to what has no pages, and `filtered` nothing where clusters may still be read by name. */
export const FAULT_GAPS: Readonly<Record<string, readonly GapCode[]>> = {
  "401": ["unauthenticated"],
  "403": ["denied"],
  "404": ["not_found"],
  "429-seconds": ["throttled"],
  "429-date": ["throttled"],
  "500": ["server_error"],
  hang: ["timeout"],
  reset: ["unreachable"],
  cut: ["unreachable", "malformed"],
  malformed: ["malformed"],
  html: ["malformed"],
  "repeat-page": ["truncated", "malformed"],
  filtered: ["denied"],
};

/**
 * The faults in classes that come to the same gap, for what knows gaps alone: one of each class, in turn, says as much as all.
 * That each of a class comes to that gap is the connectors' to prove.
 */
export const FAULT_CLASSES: readonly (readonly string[])[] = [
  ["401"],
  ["403"],
  ["404"],
  ["429-seconds", "429-date"],
  ["500"],
  ["hang"],
  ["reset", "cut"],
  ["malformed", "html"],
  ["repeat-page"],
  ["filtered"],
];

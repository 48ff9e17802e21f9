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

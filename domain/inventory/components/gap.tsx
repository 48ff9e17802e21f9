import { visible } from "@/components/name";
import type { Gap, GapCode } from "../schema";

const SHORT: Readonly<Record<GapCode, string>> = {
  denied: "may not be read",
  unauthenticated: "sign-in was refused",
  not_found: "is not there",
  throttled: "the cloud asked to slow down",
  timeout: "did not answer in time",
  unreachable: "cannot be reached",
  malformed: "answered something unreadable",
  truncated: "answer was cut off",
  too_large: "is too large",
  unsupported: "is not supported there",
  server_error: "failed on the other side",
  error: "could not be read",
};

/** A gap in a few words for a list; the server's own words stand in the detail. */
export const gapWords = (gap: Pick<Gap, "code" | "what">): string => `${visible(gap.what)} ${SHORT[gap.code]}`;

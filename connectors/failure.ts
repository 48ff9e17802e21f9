import type { GapCode } from "@/domain/inventory/schema";
import { OutboundError, type OutboundErrorCode } from "@/lib/outbound-error";

/** What a request that did not come through means for what was to be read. */
export const GAP_OF_OUTBOUND: Readonly<Record<OutboundErrorCode, GapCode>> = {
  invalid_url: "unreachable",
  forbidden_address: "unreachable",
  unresolvable: "unreachable",
  redirect: "unreachable",
  tls: "unreachable",
  unreachable: "unreachable",
  cut: "unreachable",
  timeout: "timeout",
  aborted: "timeout",
  too_large: "too_large",
  malformed: "malformed",
};

/** The OutboundError among an error's causes; undefined when there is none. */
export function outboundOf(error: unknown): OutboundError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++)
    if (at instanceof OutboundError) return at;
  return undefined;
}

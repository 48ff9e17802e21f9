import { ConnectorError } from "@/connectors/connector";
import type { Gap, ListedKind } from "@/domain/inventory/schema";

/** After two of these no further kind is tried: each would wait for its time-out in vain. */
export const HOPELESS: ReadonlySet<string> = new Set(["unreachable", "timeout", "unauthenticated"]);

/** Why a request failed; what is no ConnectorError is a fault of ours and is thrown on. */
export const gapOf = (error: unknown): Gap => {
  if (error instanceof ConnectorError) return error.gap;
  throw error;
};

/** Items that bear no usable name make a list incomplete. */
export const rubbishGap = (kind: ListedKind, count: number): Gap => ({
  code: "malformed",
  what: kind.resource,
  message: `${count} of the listed ${kind.resource} hold no usable name. Check what answers at the address of the API server.`,
});

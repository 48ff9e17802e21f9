import { list, record } from "./json";
import { isAbsentOrList, isAbsentOrText } from "./selector";

/** Audiences of which an API server's token may be one; all others are for somebody else: a cloud, Vault, a mesh. */
const OF_THE_API = /^(https:\/\/kubernetes\.default(\.svc.*)?|kubernetes|kubernetes\/serviceaccount|api)?$/;
/** Issuers are addresses; which of them this cluster's API server takes, no manifest tells. */
const MAYBE_THE_API = /^https:/;

/**
 * Whether a pod's volumes put a token of its service account for the API server into it, which `automountServiceAccountToken:
 * false` does not prevent. Undefined when that can't be read, or depends on the API server's own audiences.
 */
export function projectsToken(volumes: unknown): boolean | undefined {
  let unknown = !isAbsentOrList(volumes);
  for (const volume of list(volumes)) {
    const { sources } = record(record(volume).projected);
    if (!isAbsentOrList(sources)) unknown = true;
    for (const source of list(sources)) {
      const { serviceAccountToken } = record(source);
      if (serviceAccountToken === undefined || serviceAccountToken === null) continue;
      const { audience } = record(serviceAccountToken);
      if (!isAbsentOrText(audience)) unknown = true;
      else if (typeof audience !== "string" || OF_THE_API.test(audience)) return true;
      else if (MAYBE_THE_API.test(audience)) unknown = true;
    }
  }
  return unknown ? undefined : false;
}

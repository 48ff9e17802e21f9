import type { Permission } from "@/connectors/connector";
import { lacksOf } from "@/connectors/kubernetes/permissions";
import type { ScanOutcome } from "./scan-cluster";

const REFUSED: ReadonlySet<string> = new Set(["denied", "unauthenticated"]);

/**
 * What a scan says that its cluster refuses the account's identity, as a connection test says it. Null: nothing; undefined: that it
 * could not find out.
 */
export function refusalOf(
  { status, reasons }: Pick<ScanOutcome, "status" | "reasons">,
  permissions: readonly Permission[],
): string | null | undefined {
  if (status === "complete") return null;
  const refused = reasons.filter(({ code }) => REFUSED.has(code));
  const missing = [...new Set(refused.flatMap(({ permission }) => permission ?? []))];
  return missing.length > 0 ? lacksOf(missing, permissions) : refused[0]?.message;
}

import Link from "next/link";
import type { ReactNode } from "react";
import { plural } from "@/components/format";
import { Name } from "@/components/name";
import { Partial } from "@/components/problem";
import type { ClusterRow } from "../queries";

const NAMED = 3;

/** What of the fleet could not be looked at, so that a short list is not read as a clean one; null when all was. */
export function coverageNotice(clusters: readonly ClusterRow[], what: string): ReactNode {
  const blind = clusters.filter(
    (cluster) => cluster.lastScanStatus !== "complete" && cluster.lastScanStatus !== "running",
  );
  if (blind.length === 0) return null;
  const rest = blind.length - NAMED;
  return (
    <Partial
      action={
        <Link className="lnk" href="/clusters?scan=partial,failed,none" prefetch={false}>
          Why and how to repair
        </Link>
      }
    >
      {plural(blind.length, "cluster")} could not be read completely, so {what} there may be missing or not re-checked:{" "}
      {blind.slice(0, NAMED).map((cluster, index) => (
        <span key={cluster.id}>
          {index === 0 ? "" : ", "}
          <Link href={`/clusters/${cluster.id}`} prefetch={false} className="lnk">
            <Name text={cluster.name} />
          </Link>
        </span>
      ))}
      {rest > 0 ? ` and ${plural(rest, "other")}` : ""}.
    </Partial>
  );
}

import type { ReactNode } from "react";
import { CouldNotLook } from "@/components/empty";
import type { ClusterDetail } from "@/domain/inventory/queries";
import { gapsOf } from "./gaps";

/** Whether the last scan could not list one of `resources`, as Kubernetes calls them; a gap names the group too: `apps/deployments`. */
export function couldNotList(
  cluster: Pick<ClusterDetail, "lastScanStatus" | "reasons" | "gaps">,
  resources: readonly string[],
): boolean {
  return (
    cluster.lastScanStatus === "failed" ||
    gapsOf(cluster).some(({ what }) => resources.includes(what.split("/").at(-1) ?? ""))
  );
}

/** What a tab lists of a cluster, told so that an empty list is not read as an empty cluster. */
export function Listed({
  cluster,
  resources,
  words: { one, many, none },
  amount,
  children,
}: {
  cluster: ClusterDetail;
  /** What must have been listed for the list to be whole. */
  resources: readonly string[];
  /** `none`: a sentence for where there truly is none. */
  words: { one: string; many: string; none: string };
  amount: number;
  children: ReactNode;
}) {
  const hidden = couldNotList(cluster, resources);
  const seen = cluster.lastScanStatus === "complete" && !hidden;
  if (amount === 0)
    return seen ? (
      <p className="mut">{none}</p>
    ) : (
      <CouldNotLook>
        {hidden ? `${many} could not be listed in the last scan, and none was read before.` : `No ${one} was read yet.`}
      </CouldNotLook>
    );
  return (
    <>
      {hidden ? (
        <CouldNotLook>
          {many} could not be listed in the last scan, so some may be missing here, and the others are as they were seen
          last.
        </CouldNotLook>
      ) : null}
      {children}
    </>
  );
}

import Link from "next/link";
import { CONTROL_PLANE_KINDS } from "@/domain/inventory/control-plane";
import { CONFIG_MAPS } from "@/domain/inventory/schema";

/** Where a control of these kinds can look at all; null where every scan looks. */
function sightOf(kinds: readonly string[]): string | null {
  if (kinds.includes("Kubelet"))
    return "Kubelets are asked only where the identity holds the optional right to get nodes/proxy.";
  if (kinds.includes(CONFIG_MAPS.kind))
    return "ConfigMaps are looked at only where the identity holds the optional right to list and judge configmaps.";
  if (kinds.some((kind) => CONTROL_PLANE_KINDS.includes(kind)))
    return "The control plane is looked at only where its processes run as static pods.";
  return null;
}

/** Why a control may not have been evaluated, with the way to the clusters, which say their reasons and what grants a right. Nothing where all was. */
export function Unevaluated({ kinds, amount }: { kinds: readonly string[]; amount: number }) {
  if (amount === 0) return null;
  return (
    <p className="sm mut" style={{ margin: "8px 0 16px" }}>
      {sightOf(kinds) ?? "What could not be listed, or what nobody told, is not evaluated."} A cluster where nothing
      could be looked at counts as one. The page of each{" "}
      <Link className="lnk" href="/clusters" prefetch={false}>
        cluster
      </Link>{" "}
      says why, and what grants it.
    </p>
  );
}

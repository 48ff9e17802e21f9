import { CouldNotLook } from "@/components/empty";
import { plural } from "@/components/format";
import { Section } from "@/components/section";
import { NodePools } from "@/domain/inventory/components/facts";
import { NodeTable } from "@/domain/inventory/components/node-table";
import { listNodes } from "@/domain/inventory/node/queries";
import { gapsOf, type TabProps } from "./overview";

const SHOWN = 200;

/** The nodes as they tell of themselves, and node pools as the cloud describes them. */
export async function NodesTab({ scope, cluster }: TabProps) {
  const nodes = await listNodes(scope, cluster.id, SHOWN);
  const hidden = cluster.lastScanStatus === "failed" || gapsOf(cluster).some((gap) => gap.what === "nodes");
  return (
    <>
      <Section
        title="Nodes"
        remark={`${plural(cluster.nodes, "node")} seen${nodes.length === SHOWN ? `, the first ${SHOWN}` : ""}; those with findings first`}
        more={{ href: `/findings?cluster=${cluster.id}&kind=Node`, label: "Findings on nodes" }}
      >
        {hidden ? (
          <CouldNotLook>Nodes could not be listed in the last scan, so some may be missing here.</CouldNotLook>
        ) : null}
        {nodes.length > 0 ? (
          <NodeTable nodes={nodes} clusterId={cluster.id} />
        ) : hidden || cluster.lastScanStatus !== "complete" ? (
          <CouldNotLook>No node was read yet.</CouldNotLook>
        ) : (
          <p className="mut">The cluster has no nodes.</p>
        )}
      </Section>
      {/* Azure knows nothing of the machines behind Arc: there is no pool to describe. */}
      {cluster.distribution === "arc" ? null : (
        <Section title="Node pools" remark="as the cloud describes them">
          <NodePools cluster={cluster} />
        </Section>
      )}
    </>
  );
}

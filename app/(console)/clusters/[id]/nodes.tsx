import { plural } from "@/components/format";
import { Section } from "@/components/section";
import { NodePools } from "@/domain/inventory/components/facts";
import { NodeTable } from "@/domain/inventory/components/node-table";
import { listNodes } from "@/domain/inventory/node/queries";
import { Listed } from "./listed";
import type { TabProps } from "./overview";

const SHOWN = 200;

/** The nodes as they tell of themselves, and node pools as the cloud describes them. */
export async function NodesTab({ scope, cluster }: TabProps) {
  const nodes = await listNodes(scope, cluster.id, SHOWN);
  return (
    <>
      <Section
        title="Nodes"
        remark={`${plural(cluster.nodes, "node")} seen${nodes.length === SHOWN ? `, the first ${SHOWN}` : ""}; those with findings first`}
        more={{ href: `/findings?cluster=${cluster.id}&kind=Node`, label: "Findings on nodes" }}
      >
        <Listed
          cluster={cluster}
          resources={["nodes"]}
          words={{ one: "node", many: "Nodes", none: "The cluster has no nodes." }}
          amount={nodes.length}
        >
          <NodeTable nodes={nodes} clusterId={cluster.id} />
        </Listed>
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

import { Section } from "@/components/section";
import { listBindings } from "@/domain/inventory/access/queries";
import { BindingTable } from "@/domain/inventory/components/bindings";
import { SeverityMark, severityOf } from "@/domain/posture/components/severity";
import { Listed } from "./listed";
import type { TabProps } from "./overview";

const SHOWN = 200;

/** Who may do what in the cluster. */
export async function AccessTab({ scope, cluster }: TabProps) {
  const bindings = await listBindings(scope, cluster.id, SHOWN);
  return (
    <Section
      title="Role bindings"
      remark={`those with findings first${bindings.length === SHOWN ? `, the first ${SHOWN}` : ""}; Kubernetes' own are left out`}
    >
      <Listed
        cluster={cluster}
        resources={["roles", "rolebindings", "clusterroles", "clusterrolebindings"]}
        words={{ one: "binding", many: "Roles or bindings", none: "There is no binding besides Kubernetes’ own." }}
        amount={bindings.length}
      >
        <BindingTable bindings={bindings} mark={(rank) => <SeverityMark severity={severityOf(rank)} />} />
      </Listed>
    </Section>
  );
}

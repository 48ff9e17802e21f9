import { CouldNotLook } from "@/components/empty";
import { Section } from "@/components/section";
import { listBindings } from "@/domain/inventory/access/queries";
import { BindingTable } from "@/domain/inventory/components/bindings";
import { SeverityMark, severityOf } from "@/domain/posture/components/severity";
import { gapsOf, type TabProps } from "./overview";

const SHOWN = 200;

/** Who may do what in the cluster. */
export async function AccessTab({ scope, cluster }: TabProps) {
  const bindings = await listBindings(scope, cluster.id, SHOWN);
  const hidden = gapsOf(cluster).some((gap) => /rolebindings|clusterroles|\/roles/i.test(gap.what));
  return (
    <Section
      title="Role bindings"
      remark={`those with findings first${bindings.length === SHOWN ? `, the first ${SHOWN}` : ""}; Kubernetes' own are left out`}
    >
      {hidden ? (
        <CouldNotLook>
          Roles or bindings could not be listed in the last scan, so some may be missing here.
        </CouldNotLook>
      ) : null}
      {bindings.length > 0 ? (
        <BindingTable bindings={bindings} mark={(rank) => <SeverityMark severity={severityOf(rank)} />} />
      ) : hidden || cluster.lastScanAt === null ? (
        <CouldNotLook>No binding was read yet.</CouldNotLook>
      ) : (
        <p className="mut">There is no binding besides Kubernetes' own.</p>
      )}
    </Section>
  );
}

import Link from "next/link";
import { CouldNotLook } from "@/components/empty";
import { count } from "@/components/format";
import { Mark } from "@/components/marks";
import { Name } from "@/components/name";
import { Section } from "@/components/section";
import { ChangeTable } from "@/domain/inventory/components/changes";
import { ScanTable } from "@/domain/inventory/components/scans";
import { SettingsAsRead } from "@/domain/inventory/components/settings-as-read";
import { listChanges } from "@/domain/inventory/history/queries";
import { itemPage } from "@/domain/inventory/item/queries";
import { itemQuery } from "@/domain/inventory/item/schema";
import { listScans, listWorkloads } from "@/domain/inventory/queries";
import { LISTED_KINDS, WORKLOAD_KINDS } from "@/domain/inventory/schema";
import { SeverityMark, severityOf } from "@/domain/posture/components/severity";
import { readerZone } from "../../../zone";
import { ImageTable } from "./image-table";
import { Listed } from "./listed";
import type { TabProps } from "./overview";

const WORKLOADS = 100;
const SCANS = 50;
const CHANGES = 100;
/** Kinds by which workloads are known, as the API server names them. */
const POD_CARRIERS = LISTED_KINDS.filter(({ kind }) => WORKLOAD_KINDS.some((each) => each === kind)).map(
  ({ resource }) => resource,
);

/** Workloads with their open findings, worst first. */
export async function WorkloadsTab({ scope, cluster }: TabProps) {
  const workloads = await listWorkloads(scope, cluster.id, WORKLOADS);
  return (
    <Section
      title="Workloads"
      remark={workloads.length === WORKLOADS ? `the worst ${WORKLOADS} of ${count(cluster.workloads)}` : "worst first"}
      more={{ href: `/inventory?cluster=${cluster.id}&type=workload`, label: "All, with filters" }}
    >
      <Listed
        cluster={cluster}
        resources={POD_CARRIERS}
        words={{ one: "workload", many: "Workloads or their pods", none: "Nothing runs in this cluster." }}
        amount={workloads.length}
      >
        <table className="flow t-plain">
          <thead>
            <tr>
              <th>Workload</th>
              <th>Kind</th>
              <th>Worst</th>
              <th className="num">Open</th>
            </tr>
          </thead>
          <tbody>
            {workloads.map((workload) => (
              <tr key={`${workload.kind}/${workload.namespace}/${workload.name}`}>
                <td className="wrap">
                  <Link
                    prefetch={false}
                    href={`/findings?${new URLSearchParams({ cluster: cluster.id, namespace: workload.namespace, q: workload.name })}`}
                  >
                    <Name text={`${workload.namespace}/${workload.name}`} />
                  </Link>
                </td>
                <td className="mut nw">{workload.kind}</td>
                <td>
                  {workload.worst === null ? (
                    <NoneOpen known={cluster.lastScanStatus === "complete" && workload.judged} />
                  ) : (
                    <SeverityMark severity={severityOf(workload.worst)} />
                  )}
                </td>
                <td className="num" data-l="Open">
                  {workload.open === 0 ? <span className="zero">0</span> : count(workload.open)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Listed>
    </Section>
  );
}

/** No finding is open on a workload: ticked only where all that applies to it could be evaluated in a complete scan. */
function NoneOpen({ known }: { known: boolean }) {
  return known ? (
    <>
      <Mark name="healthy" /> none
    </>
  ) : (
    <span title="Not everything about it could be evaluated">
      <Mark name="unknown" /> none known
    </span>
  );
}

/** Images that run in the cluster. */
export async function ImagesTab({ scope, cluster }: TabProps) {
  const page = await itemPage(scope, itemQuery.parse({ cluster: cluster.id, type: "image", size: "100" }));
  return (
    <Section
      title="Running images"
      remark={page.next === null ? "by name" : "the first 100 by name"}
      more={{ href: `/inventory?cluster=${cluster.id}&type=image`, label: "All, with filters" }}
    >
      <Listed
        cluster={cluster}
        resources={["pods"]}
        words={{ one: "running image", many: "Pods", none: "No image runs in this cluster." }}
        amount={page.items.length}
      >
        <ImageTable rows={page.items} />
      </Listed>
    </Section>
  );
}

export async function ScansTab({ scope, cluster }: TabProps) {
  const [scans, zone] = await Promise.all([listScans(scope, SCANS, cluster.id), readerZone()]);
  return (
    <Section
      title="Scans"
      remark={`newest first${scans.length === SCANS ? `, the last ${SCANS}` : ""}`}
      more={{ href: `/scans?cluster=${cluster.id}`, label: "All, with filters" }}
    >
      {scans.length === 0 ? <p className="mut">There was none yet.</p> : <ScanTable scans={scans} timeZone={zone} />}
    </Section>
  );
}

export async function SettingsTab({ cluster }: TabProps) {
  return (
    <Section title="Settings as read" remark="what the cloud told; what it did not tell is hatched">
      <SettingsAsRead cluster={cluster} timeZone={await readerZone()} />
    </Section>
  );
}

/** The inventory's history: what scans saw come, change and go. */
export async function ChangesTab({ scope, cluster, before }: TabProps & { before: string | null }) {
  const changes = await listChanges(scope, cluster.id, before, CHANGES + 1);
  const shown = changes.slice(0, CHANGES);
  const last = shown.at(-1);
  return (
    <Section title="Changes" remark="newest first; pods and jobs of a workload are left out">
      {cluster.lastScanStatus === "complete" ? null : (
        <CouldNotLook>
          {cluster.lastScanAt === null
            ? "This cluster was not scanned yet, so nothing can be said."
            : `The last scan ${cluster.lastScanStatus === "failed" ? "failed" : "could not read everything"}, so what came, changed or went since may be missing here.`}
        </CouldNotLook>
      )}
      {shown.length === 0 ? (
        cluster.lastCompleteAt === null ? null : (
          <p className="mut">Up to the last complete scan nothing that was read came, changed or went.</p>
        )
      ) : (
        <ChangeTable changes={shown} timeZone={await readerZone()} />
      )}
      {changes.length > CHANGES && last !== undefined ? (
        <p>
          <Link className="lnk" href={`/clusters/${cluster.id}?tab=changes&before=${last.id}`} prefetch={false}>
            Older changes
          </Link>
        </p>
      ) : null}
    </Section>
  );
}

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
import { SeverityMark, severityOf } from "@/domain/posture/components/severity";
import { readerZone } from "../../../zone";
import type { TabProps } from "./overview";

const WORKLOADS = 100;
const SCANS = 50;
const CHANGES = 100;

/** Workloads with their open findings, worst first. */
export async function WorkloadsTab({ scope, cluster }: TabProps) {
  const workloads = await listWorkloads(scope, cluster.id, WORKLOADS);
  return (
    <Section
      title="Workloads"
      remark={workloads.length === WORKLOADS ? `the worst ${WORKLOADS} of ${count(cluster.workloads)}` : "worst first"}
      more={{ href: `/inventory?cluster=${cluster.id}&type=workload`, label: "All, with filters" }}
    >
      {workloads.length === 0 ? (
        <CouldNotLook>No workload was read yet.</CouldNotLook>
      ) : (
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
                    <>
                      <Mark name="healthy" /> none
                    </>
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
      )}
    </Section>
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
      {page.items.length === 0 ? (
        <CouldNotLook>No running image was read yet.</CouldNotLook>
      ) : (
        <table className="flow t-plain">
          <thead>
            <tr>
              <th>Image</th>
              <th>Build</th>
              <th>Runs in</th>
              <th className="num">Pods</th>
            </tr>
          </thead>
          <tbody>
            {page.items.map((row) => (
              <tr key={row.id}>
                <td className="wrap" style={{ fontWeight: 500 }}>
                  <Name text={row.name} />
                </td>
                <td className="nw">
                  {row.digest === null ? (
                    <>
                      <Mark name="unknown" /> not known
                    </>
                  ) : (
                    <Link
                      href={`/inventory?type=image&digest=${encodeURIComponent(row.digest)}`}
                      prefetch={false}
                      title={row.digest}
                    >
                      <code>{row.digest.slice(7, 19)}</code>
                    </Link>
                  )}
                </td>
                <td className="wrap mut">
                  <Name text={`${row.namespace}/${row.workload?.name ?? ""}`} />
                </td>
                <td className="num" data-l="Pods">
                  {count(row.pods ?? 0)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
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
      {shown.length === 0 ? (
        <p className="mut">
          {cluster.lastScanAt === null
            ? "This cluster was not scanned yet, so nothing can be said."
            : "Since the first scan nothing that was read came, changed or went."}
        </p>
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

import Link from "next/link";
import { count } from "@/components/format";
import { Mark } from "@/components/marks";
import { Name } from "@/components/name";
import type { InventoryItem } from "@/domain/inventory/item/schema";

/** Running images, a row for each container: an init container may run the image of the main one. */
export function ImageTable({
  rows,
}: {
  rows: readonly Pick<InventoryItem, "id" | "name" | "digest" | "namespace" | "workload" | "container" | "pods">[];
}) {
  return (
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
        {rows.map((row) => (
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
              <div className="sm">
                container <Name text={row.container ?? ""} />
              </div>
            </td>
            <td className="num" data-l="Pods">
              {count(row.pods ?? 0)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

import Link from "next/link";
import { count } from "@/components/format";
import { Mark } from "@/components/marks";
import { Name } from "@/components/name";
import type { NodeRow } from "../node/queries";

const NOT_TOLD = (
  <span className="dim">
    <Mark name="unknown" /> not told
  </span>
);

/** Nodes as they tell of themselves. */
export function NodeTable({ nodes, clusterId }: { nodes: readonly NodeRow[]; clusterId: string }) {
  return (
    <table className="flow t-plain">
      <thead>
        <tr>
          <th>Node</th>
          <th>State</th>
          <th>Machine</th>
          <th className="num">vCPU</th>
          <th>Kubelet</th>
          <th>System</th>
          <th className="num">Open</th>
        </tr>
      </thead>
      <tbody>
        {nodes.map((node) => (
          <tr key={node.name}>
            <td className="wrap">
              <Name text={node.name} />
              {node.pool === null ? null : (
                <span className="dim sm">
                  {" "}
                  pool <Name text={node.pool} />
                </span>
              )}
            </td>
            <td className="nw">
              {node.ready === null ? (
                NOT_TOLD
              ) : (
                <>
                  <Mark name={node.ready ? "healthy" : "failed"} /> {node.ready ? "ready" : "not ready"}
                </>
              )}
              {node.cordoned ? ", cordoned" : ""}
            </td>
            <td className="wrap">{node.machineType === null ? NOT_TOLD : <Name text={node.machineType} />}</td>
            <td className="num" data-l="vCPU">
              {node.vcpu ?? NOT_TOLD}
            </td>
            <td className="wrap">{node.kubelet === null ? NOT_TOLD : <Name text={node.kubelet} />}</td>
            <td className="wrap">{node.osImage === null ? NOT_TOLD : <Name text={node.osImage} />}</td>
            <td className="num" data-l="Open">
              {node.open === 0 ? (
                <span className="zero">0</span>
              ) : (
                <Link
                  prefetch={false}
                  href={`/findings?${new URLSearchParams({ cluster: clusterId, kind: "Node", q: node.name })}`}
                >
                  {count(node.open)}
                </Link>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

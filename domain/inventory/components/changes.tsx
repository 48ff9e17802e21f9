import { moment } from "@/components/format";
import { Name } from "@/components/name";
import type { ResourceChangeWord, StoredChange } from "../history/schema";

const WORDS: Readonly<Record<ResourceChangeWord, string>> = {
  appeared: "Appeared",
  changed: "Changed",
  gone: "Gone",
};

/** What scans saw come, change and go, newest first. */
export function ChangeTable({ changes, timeZone }: { changes: readonly StoredChange[]; timeZone: string }) {
  return (
    <table className="flow t-plain">
      <thead>
        <tr>
          <th>Seen</th>
          <th>What</th>
          <th>Kind</th>
          <th>Resource</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.id}>
            <td className="nw">{moment(change.at, timeZone)}</td>
            <td className="nw">{WORDS[change.change]}</td>
            <td className="mut nw">{change.kind}</td>
            <td className="wrap" style={{ fontWeight: 500 }}>
              <Name text={change.namespace === "" ? change.name : `${change.namespace}/${change.name}`} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

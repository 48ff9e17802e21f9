import Link from "next/link";
import { Mark } from "@/components/marks";
import { visible } from "@/components/name";
import { TableHead } from "@/components/table-head";
import type { UnreadableExemption } from "../queries";

/** Exemptions that this version cannot read, with why; each is withdrawn, and asked for anew, where exemptions are. */
export function UnreadableExemptions({ exemptions }: { exemptions: readonly UnreadableExemption[] }) {
  return (
    <table className="flow t-plain">
      <thead>
        <tr>
          <TableHead>Exemption</TableHead>
          <TableHead>Asked by</TableHead>
          <TableHead>Why it cannot be read</TableHead>
          <TableHead hidden>Action</TableHead>
        </tr>
      </thead>
      <tbody>
        {exemptions.map(({ id, state, reason, requestedBy, problem }) => (
          <tr key={id}>
            <td className="wrap" style={{ fontWeight: 500 }}>
              <Mark name="failed" /> <bdi>{visible(reason)}</bdi>
            </td>
            <td className="wrap" data-l="Asked by">
              <bdi>{visible(requestedBy)}</bdi>
            </td>
            <td className="mut wrap">
              <bdi>{visible(problem)}</bdi>
            </td>
            <td className="num">
              <Link className="lnk" href={`/exemptions?state=${state}`} prefetch={false}>
                Withdraw it, and ask anew
              </Link>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

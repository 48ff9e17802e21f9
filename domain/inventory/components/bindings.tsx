import { count } from "@/components/format";
import { Name } from "@/components/name";
import type { BindingRow } from "../access/queries";

const SUBJECTS_SHOWN = 3;

/** Who may do what: a binding, its role, its subjects. `mark` draws a severity's rank. */
export function BindingTable({
  bindings,
  mark,
}: {
  bindings: readonly BindingRow[];
  mark: (rank: number) => React.ReactNode;
}) {
  return (
    <table className="flow t-plain">
      <thead>
        <tr>
          <th>Binding</th>
          <th>Role</th>
          <th>Held by</th>
          <th>Worst</th>
          <th className="num">Open</th>
        </tr>
      </thead>
      <tbody>
        {bindings.map((binding) => (
          <tr key={`${binding.kind}/${binding.namespace}/${binding.name}`}>
            <td className="wrap" style={{ fontWeight: 500 }}>
              <Name text={binding.namespace === "" ? binding.name : `${binding.namespace}/${binding.name}`} />
              <span className="dim sm"> {binding.kind}</span>
            </td>
            <td className="wrap">
              <Name text={binding.role} />
            </td>
            <td className="wrap mut">
              {binding.subjects.length === 0 ? (
                <span className="zero">nobody</span>
              ) : (
                binding.subjects.slice(0, SUBJECTS_SHOWN).map((subject, index) => (
                  <span key={`${subject.kind}/${subject.namespace ?? ""}/${subject.name}`}>
                    {index === 0 ? "" : ", "}
                    {subject.kind}{" "}
                    <Name
                      text={subject.namespace === undefined ? subject.name : `${subject.namespace}/${subject.name}`}
                    />
                  </span>
                ))
              )}
              {binding.subjects.length > SUBJECTS_SHOWN
                ? `, and ${count(binding.subjects.length - SUBJECTS_SHOWN)} more`
                : ""}
            </td>
            <td>{binding.worst === null ? <span className="zero">–</span> : mark(binding.worst)}</td>
            <td className="num" data-l="Open">
              {binding.open === 0 ? <span className="zero">0</span> : count(binding.open)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

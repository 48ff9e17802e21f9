import Link from "next/link";
import { withParameters } from "@/components/address";
import { Code } from "@/components/code";
import { count } from "@/components/format";
import { MISSING_CAUSES, MISSING_WORDS, type Missing, type MissingCause } from "@/domain/inventory/missing";
import { notMadeHref } from "./not-made";

/** Where the assessments of a cause are listed: open findings are among the findings, all else is counted by control. */
const listOf = (cause: MissingCause, cluster: string): { href: string; label: string } =>
  cause === "not-rechecked"
    ? { href: withParameters("/findings", { state: "not-rechecked", cluster }), label: "The findings" }
    : { href: notMadeHref({ cluster }), label: "By control" };

const capitalised = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);

/** Why assessments of a cluster could not be made, most first, and what to do. `grants`: what grants a right that is not asked of everybody, ready to copy. */
export function MissingTable({
  missing,
  cluster,
  grants,
}: {
  missing: Missing;
  cluster: string;
  grants: Partial<Record<MissingCause, string>>;
}) {
  const told = MISSING_CAUSES.flatMap((cause) => {
    const amount = missing[cause];
    return amount === undefined ? [] : [{ cause, amount, grant: grants[cause], list: listOf(cause, cluster) }];
  }).sort((a, b) => b.amount - a.amount);
  return (
    <table className="flow t-plain t-missing">
      <thead>
        <tr>
          <th className="num">Not made</th>
          <th>Assessments</th>
          <th>What to do</th>
        </tr>
      </thead>
      <tbody>
        {told.map(({ cause, amount, grant, list }) => (
          <tr key={cause}>
            <td className="num">{count(amount)}</td>
            <td className="wrap">
              {capitalised(MISSING_WORDS[cause].why)}.{" "}
              <Link className="lnk" href={list.href} prefetch={false}>
                {list.label}
              </Link>
            </td>
            <td className="wrap">
              {MISSING_WORDS[cause].next}
              {grant === undefined ? null : (
                <details className="words">
                  <summary>What grants it</summary>
                  <Code title="For kubectl" text={grant} />
                </details>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

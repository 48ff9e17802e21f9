import Link from "next/link";
import { age, count, exact } from "@/components/format";
import { Mark } from "@/components/marks";
import { distributionWord } from "@/domain/inventory/components/clusters";
import { FINDING_STATES, type FindingFilter, type FindingState, findingsHref, toggled } from "../finding/filter";
import type { FindingCounts, FindingRow } from "../finding/queries";
import { SCORE_GROUP_IDS, SCORE_GROUPS, SEVERITIES, SEVERITY_RANK } from "../schema";
import { SeverityMark, severityOf, severityWord } from "./severity";

const STATES: Readonly<Record<FindingState, string>> = {
  open: "Open",
  "not-rechecked": "Not re-checked",
  resolved: "Resolved",
};

function Option({
  href,
  on,
  label,
  amount,
}: {
  href: string;
  on: boolean;
  label: React.ReactNode;
  amount?: number | undefined;
}) {
  return (
    <Link
      className="opt"
      href={href}
      prefetch={false}
      scroll={false}
      {...(on ? { "aria-current": "true" as const } : {})}
    >
      <span className={on ? "ck on" : "ck"} />
      <span className="el">{label}</span>
      <span>{amount === undefined ? "" : count(amount)}</span>
    </Link>
  );
}

/** Facets with counts under the filter in force; every choice is a link, so it lives in the URL. */
export function FindingFacets({ filter, counts }: { filter: FindingFilter; counts: FindingCounts }) {
  const states = filter.state.length === 0 ? ["open"] : filter.state;
  const clusters = [...counts.cluster].sort((a, b) => b[1].amount - a[1].amount).slice(0, 12);
  return (
    <nav className="facets" aria-label="Filters">
      <section className="facet">
        <h2>Severity</h2>
        {SEVERITIES.map((severity) => (
          <Option
            key={severity}
            href={findingsHref(filter, { severity: toggled(filter.severity, severity) })}
            on={filter.severity.includes(severity)}
            label={
              <>
                <Mark name={severity} />
                {severityWord(severity)}
              </>
            }
            amount={counts.severity.get(SEVERITY_RANK[severity]) ?? 0}
          />
        ))}
      </section>
      <section className="facet">
        <h2>State</h2>
        {FINDING_STATES.map((state) => (
          <Option
            key={state}
            href={findingsHref(filter, { state: toggled(states, state) })}
            on={states.includes(state)}
            label={STATES[state]}
            amount={state === "not-rechecked" ? counts.notRechecked : undefined}
          />
        ))}
      </section>
      <section className="facet">
        <h2>Score group</h2>
        {SCORE_GROUP_IDS.filter((id) => counts.group.has(id) || filter.group.includes(id)).map((id) => (
          <Option
            key={id}
            href={findingsHref(filter, { group: toggled(filter.group, id) })}
            on={filter.group.includes(id)}
            label={SCORE_GROUPS[id].title}
            amount={counts.group.get(id) ?? 0}
          />
        ))}
      </section>
      <section className="facet">
        <h2>Cluster</h2>
        {clusters.map(([id, cluster]) => (
          <Option
            key={id}
            href={findingsHref(filter, { cluster: filter.cluster === id ? null : id })}
            on={filter.cluster === id}
            label={<span title={cluster.name}>{cluster.name}</span>}
            amount={cluster.amount}
          />
        ))}
      </section>
    </nav>
  );
}

/** Two-line rows: message, then resource and evidence path, cut at its start because the tail tells. */
export function FindingTable({
  rows,
  filter,
  now,
  timeZone,
}: {
  rows: readonly FindingRow[];
  filter: FindingFilter;
  now: Date;
  timeZone: string;
}) {
  return (
    <table className="t-find">
      <thead>
        <tr>
          <th className="c1">
            <span className="vh">Severity</span>
          </th>
          <th className="c2">Finding and evidence path</th>
          <th className="c3">Cluster</th>
          <th className="num c4">Age</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} {...(filter.finding === row.id ? { "aria-selected": true } : {})}>
            <td className="c1">
              <SeverityMark severity={severityOf(row.severity)} tight />
            </td>
            <td className="c2">
              <Link
                id={`finding-${row.id}`}
                className="el"
                href={findingsHref(filter, { finding: row.id })}
                scroll={false}
                prefetch={false}
                title={row.message}
              >
                {row.message}
              </Link>
              <span className="pth">
                <span className="a" title={`${row.kind} ${row.namespace}/${row.name}`}>
                  {row.namespace === "" ? row.kind : row.namespace}/{row.name}
                </span>
                {row.evidence[0] === undefined ? null : (
                  <>
                    <span className="sp">·</span>
                    <span className="b" title={row.evidence[0].path}>
                      <bdi>{row.evidence[0].path}</bdi>
                    </span>
                  </>
                )}
              </span>
            </td>
            <td className="c3">
              <span className="el" style={{ display: "block" }} title={row.clusterName}>
                {row.clusterName}
              </span>
              <span className="dim sm" style={{ display: "block" }}>
                {row.state === "resolved" ? (
                  <>
                    <Mark name="healthy" /> resolved
                  </>
                ) : row.notRechecked !== null ? (
                  <>
                    <Mark name="unknown" /> not re-checked
                  </>
                ) : (
                  distributionWord(row.distribution)
                )}
              </span>
            </td>
            <td className="num c4" title={exact(row.firstSeenAt, timeZone)}>
              {age(row.firstSeenAt, now)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

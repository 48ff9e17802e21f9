import Link from "next/link";
import { Code } from "@/components/code";
import { DrawerKeys } from "@/components/drawer-keys";
import { age, exact, moment } from "@/components/format";
import { Icon } from "@/components/icon";
import { Mark } from "@/components/marks";
import { Prose } from "@/components/prose";
import type { FindingRow, Transition } from "../finding/queries";
import type { Control } from "../schema";
import { stepsFor } from "./remediation";
import { SeverityMark, severityOf } from "./severity";

interface DrawerProps {
  finding: FindingRow;
  history: Transition[];
  control: Control | undefined;
  position: string;
  links: { close: string; next: string | null; previous: string | null };
  now: Date;
  timeZone: string;
}

const CHANGES: Readonly<Record<string, string>> = { opened: "Opened", resolved: "Resolved", reopened: "Reopened" };
const RESOLUTIONS: Readonly<Record<string, string>> = { fixed: "evaluated healthy", gone: "the resource is gone" };

/** One finding beside its list: what, where, state, why, evidence, fix, history. */
export function FindingDrawer({ finding, history, control, position, links, now, timeZone }: DrawerProps) {
  const severity = severityOf(finding.severity);
  const fix = control === undefined ? null : stepsFor(control, finding.distribution);
  return (
    <aside className="drawer" aria-label="Finding">
      <DrawerKeys {...links} row={`finding-${finding.id}`} />
      <div className="bar-t">
        <span className="pos">{position}</span>
        {links.previous === null ? null : (
          <Link className="ib" href={links.previous} aria-label="Previous finding" scroll={false} prefetch={false}>
            <Icon name="up" />
          </Link>
        )}
        {links.next === null ? null : (
          <Link className="ib" href={links.next} aria-label="Next finding" scroll={false} prefetch={false}>
            <Icon name="down" />
          </Link>
        )}
        <Link className="ib" href={links.close} aria-label="Close" scroll={false} prefetch={false}>
          <Icon name="close" />
        </Link>
      </div>
      <h2>{finding.message}</h2>
      <p className="where">
        {finding.kind} <b style={{ fontWeight: 600 }}>{finding.name}</b>
        {finding.namespace === "" ? "" : `, namespace ${finding.namespace}`},{" "}
        <Link className="lnk" href={`/clusters/${finding.clusterId}`} prefetch={false}>
          {finding.clusterName}
        </Link>
      </p>
      <dl className="kv">
        <dt>Severity</dt>
        <dd>
          <SeverityMark severity={severity} />
        </dd>
        <dt>State</dt>
        <dd>
          {finding.state === "resolved" ? (
            <>
              <Mark name="healthy" /> Resolved
              {finding.resolution === null ? "" : `, ${RESOLUTIONS[finding.resolution] ?? finding.resolution}`}
            </>
          ) : (
            `Open for ${age(finding.firstSeenAt, now)}${finding.reopened > 0 ? ", reopened" : ""}`
          )}
        </dd>
        {finding.notRechecked === null ? null : (
          <>
            <dt>Re-check</dt>
            <dd>
              <Mark name="unknown" /> Stays open, not re-checked: {finding.notRechecked}
            </dd>
          </>
        )}
        <dt>Control</dt>
        <dd>
          <Link className="lnk" href={`/recommendations/${finding.controlId}`} prefetch={false}>
            {finding.controlId}
          </Link>{" "}
          {control?.title ?? "is no longer part of Seawall"}
        </dd>
        <dt>Last seen</dt>
        <dd title={exact(finding.lastSeenAt, timeZone)}>{age(finding.lastSeenAt, now)} ago</dd>
      </dl>
      {control === undefined ? null : (
        <section>
          <h3>Why it matters</h3>
          <p className="mut">
            <Prose text={control.rationale} />
          </p>
        </section>
      )}
      <section>
        <h3>Evidence</h3>
        {finding.evidence.length === 0 ? (
          <p className="mut">The resource as a whole; there is no single path to point at.</p>
        ) : (
          <ul className="steps">
            {finding.evidence.slice(0, 20).map((item) => (
              <li key={`${item.path}${item.message}`}>
                <code className="wrap">{item.path}</code>
                <br />
                <span className="mut wrap">{item.message}</span>
              </li>
            ))}
          </ul>
        )}
      </section>
      {control === undefined || fix === null ? null : (
        <section>
          <h3>
            Fix<span className="to">effort {control.remediation.effort}</span>
          </h3>
          <p className="mut">
            <Prose text={fix.steps} />
          </p>
          {fix.cli === null ? null : (
            <div className="acts">
              <Code title="Command line" text={fix.cli} />
            </div>
          )}
          {control.remediation.patch === undefined ? null : (
            <div className="acts">
              <Code title="YAML patch" text={control.remediation.patch} />
            </div>
          )}
          <p className="note">
            <Prose text={control.remediation.impact} />
          </p>
        </section>
      )}
      <section>
        <h3>History</h3>
        <ol className="tl">
          {history.map((change, index) => (
            <li key={`${change.change}-${change.at.toISOString()}`} className={index === 0 ? "on" : ""}>
              <span>
                {CHANGES[change.change] ?? change.change}
                {change.reason === null ? "" : `: ${RESOLUTIONS[change.reason] ?? change.reason}`}
              </span>
              <time dateTime={change.at.toISOString()}>{moment(change.at, timeZone)}</time>
            </li>
          ))}
          {history.length === 0 ? (
            <li>
              <span>Opened</span>
              <time>{moment(finding.firstSeenAt, timeZone)}</time>
            </li>
          ) : null}
        </ol>
      </section>
    </aside>
  );
}

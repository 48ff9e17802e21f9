import Link from "next/link";
import type { ReactNode } from "react";
import { CodeTabs } from "@/components/code-tabs";
import { age, date, plural } from "@/components/format";
import { Mark } from "@/components/marks";
import { Name, visible } from "@/components/name";
import { Prose } from "@/components/prose";
import { When } from "@/components/when";
import type { FindingDetail } from "../finding/schema";
import type { ExcerptLine } from "../fix/excerpt";
import type { Fix } from "../fix/fix";
import type { Control } from "../schema";
import { Evidence } from "./evidence";
import { SeverityMark } from "./severity";
import { notEvaluatedWords } from "./words";

interface DetailProps {
  /** What exempts it, for those who may. */
  exempt?: ReactNode;
  finding: FindingDetail;
  /** Undefined when this version of Seawall has no such control any more. */
  control: Control | undefined;
  fix: Fix | null;
  excerpt: ExcerptLine[] | null;
  now: Date;
  timeZone: string;
}

const CHANGES: Readonly<Record<string, string>> = { opened: "Opened", resolved: "Resolved", reopened: "Reopened" };
const RESOLUTIONS: Readonly<Record<string, string>> = { fixed: "evaluated healthy", gone: "the resource is gone" };

/** One finding in full: message, where, state, why, evidence, fix, history. */
export function FindingDetailView({ exempt, finding, control, fix, excerpt, now, timeZone }: DetailProps) {
  const when = (at: string) => <When at={new Date(at)} timeZone={timeZone} />;
  const open = age(new Date(finding.firstSeenAt), now);
  return (
    <>
      <h2>
        <bdi>{visible(finding.message)}</bdi>
      </h2>
      <p className="where">
        {finding.kind}{" "}
        <b style={{ fontWeight: 600 }}>
          <Name text={finding.name} />
        </b>
        {finding.namespace === "" ? null : (
          <>
            , namespace <Name text={finding.namespace} />
          </>
        )}
        ,{" "}
        <Link className="lnk" href={`/clusters/${finding.cluster.id}`} prefetch={false}>
          <Name text={finding.cluster.name} />
        </Link>
      </p>
      <dl className="kv">
        <dt>Severity</dt>
        <dd>
          <SeverityMark severity={finding.severity} />
        </dd>
        <dt>State</dt>
        <dd>
          {finding.state === "resolved" ? (
            <>
              <Mark name="healthy" /> Resolved
              {finding.resolution === null ? "" : `, ${RESOLUTIONS[finding.resolution] ?? finding.resolution}`}
            </>
          ) : (
            <>
              <span title={finding.firstSeenAt}>Open for {open}</span>
              {finding.reopened > 0 ? `, came back ${plural(finding.reopened, "time")}` : ""}
            </>
          )}
        </dd>
        {finding.notRechecked === null ? null : (
          <>
            <dt>Re-check</dt>
            <dd>
              <Mark name="unknown" /> Stays open, not re-checked
              <span className="said">{visible(notEvaluatedWords(finding.notRechecked))}</span>
            </dd>
          </>
        )}
        {finding.exemption === null ? null : (
          <>
            <dt>Exempted</dt>
            <dd>
              <Link className="lnk" href="/exemptions?state=active" prefetch={false}>
                {finding.exemption.type}
              </Link>
              {finding.exemption.expiresAt === null
                ? ""
                : ` until ${date(Date.parse(finding.exemption.expiresAt), "UTC")}`}
              <span className="said">{visible(finding.exemption.reason)}</span>
            </dd>
          </>
        )}
        <dt>Control</dt>
        <dd>
          <Link className="lnk" href={`/recommendations/${finding.control.id}`} prefetch={false}>
            {finding.control.id}
          </Link>{" "}
          {control?.title ?? "is no longer part of Seawall"}
        </dd>
        {finding.owner === null ? null : (
          <>
            <dt>Owner</dt>
            <dd>
              <Name text={finding.owner} />
            </dd>
          </>
        )}
        <dt>Account</dt>
        <dd>
          <Link href={`/accounts/${finding.account.id}`} prefetch={false}>
            <Name text={finding.account.name} />
          </Link>
        </dd>
        <dt>Last seen</dt>
        <dd>
          <When at={new Date(finding.lastSeenAt)} now={now} timeZone={timeZone} suffix=" ago" />
        </dd>
      </dl>
      {exempt}
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
        <Evidence evidence={finding.evidence} excerpt={excerpt} severity={finding.severity} />
      </section>
      {control === undefined || fix === null ? null : (
        <section>
          <h3>
            Fix<span className="to">effort {control.remediation.effort}</span>
          </h3>
          <p className="mut fix-steps">
            <Prose text={fix.steps} />
          </p>
          <CodeTabs tabs={fix.blocks} />
          <p className="note">
            <Prose text={control.remediation.impact} />
          </p>
        </section>
      )}
      <section>
        <h3>History</h3>
        <ol className="tl">
          {finding.history.map((change, index) => (
            <li key={`${change.change}-${change.at}`} className={index === 0 ? "on" : ""}>
              <span>
                {CHANGES[change.change] ?? change.change}
                {change.reason === null ? "" : `: ${RESOLUTIONS[change.reason] ?? change.reason}`}
              </span>
              {when(change.at)}
            </li>
          ))}
          {finding.history.length === 0 ? (
            <li>
              <span>Opened</span>
              {when(finding.firstSeenAt)}
            </li>
          ) : null}
        </ol>
      </section>
    </>
  );
}

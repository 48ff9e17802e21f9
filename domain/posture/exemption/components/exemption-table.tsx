import Link from "next/link";
import { Fragment, type ReactNode } from "react";
import { withParameters } from "@/components/address";
import { Confirm } from "@/components/confirm";
import { count, date, plural } from "@/components/format";
import { Mark } from "@/components/marks";
import { visible } from "@/components/name";
import { TableHead } from "@/components/table-head";
import { When } from "@/components/when";
import { GROUP_WORDS } from "../../components/words";
import type { ScoreGroup } from "../../schema";
import { decide, foresee, withdraw } from "../actions";
import { TYPE_WORDS, targetWords } from "../choice";
import type { OwnedExemption } from "../queries";
import { type ExemptionTarget, UNREADABLE } from "../schema";

const SHOWN = 5;

interface Words {
  /** Accounts and clusters by id. */
  names: ReadonlyMap<string, string>;
  /** Titles of controls by id. */
  titles: ReadonlyMap<string, string>;
  /** The accounts that are looked at, as pages and lists filter by them. */
  place: { account?: string };
}

const Unreadable = () => (
  <>
    <Mark name="failed" /> {UNREADABLE}
  </>
);

/** Targets of one control (or group) stand together. */
function Targets({ of, names, titles, place }: { of: OwnedExemption } & Words) {
  if (!of.readable) return <Unreadable />;
  const parts = new Map<string, ExemptionTarget[]>();
  for (const target of of.targets) {
    const id = target.control ?? target.group ?? "";
    parts.set(id, [...(parts.get(id) ?? []), target]);
  }
  return (
    <>
      {[...parts].slice(0, SHOWN).map(([id, targets]) => (
        <div key={id}>
          {titles.has(id) ? (
            <Link href={withParameters(`/recommendations/${id}`, place)}>{titles.get(id)}</Link>
          ) : id === "" ? (
            "All controls"
          ) : (
            (GROUP_WORDS[id as ScoreGroup] ?? id)
          )}
          {targets.slice(0, SHOWN).map((target) => (
            <div key={JSON.stringify(target)} className="sm mut">
              <bdi>{visible(targetWords(target, names))}</bdi>
            </div>
          ))}
          {targets.length > SHOWN ? <div className="sm mut">and {count(targets.length - SHOWN)} more</div> : null}
        </div>
      ))}
      {parts.size > SHOWN ? <div className="sm mut">and {plural(parts.size - SHOWN, "more control")}</div> : null}
    </>
  );
}

/** The day it ends on: the last of UTC, in which ends are set. */
const endOf = ({ expiresAt }: OwnedExemption): string | null =>
  expiresAt === null ? null : date(Date.parse(expiresAt), "UTC");

/** What is decided on: all that the row says, which the dialog covers. */
function Asked(props: { of: OwnedExemption } & Words) {
  const { of } = props;
  const facts: [string, ReactNode][] = [
    ["For", <Targets key="for" {...props} />],
    ["Type", TYPE_WORDS[of.type]],
    ["Why", <bdi key="why">{visible(of.reason)}</bdi>],
    ...(of.evidence === ""
      ? []
      : [["Evidence", <bdi key="evidence">{visible(of.evidence)}</bdi>] satisfies [string, ReactNode]]),
    ["Asked by", <bdi key="by">{visible(of.requestedBy)}</bdi>],
    ["Until", endOf(of) ?? "no end"],
  ];
  return (
    <dl className="facts decided">
      {facts.map(([term, said]) => (
        <Fragment key={term}>
          <dt>{term}</dt>
          <dd>{said}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

function Actions({ of, ...words }: { of: OwnedExemption } & Words) {
  const about = <Asked of={of} {...words} />;
  return (
    <>
      {of.state === "requested" && !of.own ? (
        <>
          {of.readable ? (
            <Confirm
              label="Approve"
              title="Approve this exemption?"
              look={foresee.bind(null, of.id)}
              action={decide.bind(null, of.id, true)}
              about={about}
              done="Approved"
              small
            >
              It holds at once, and until it ends or is withdrawn.
            </Confirm>
          ) : null}{" "}
          <Confirm
            label="Reject"
            title="Reject this exemption?"
            action={decide.bind(null, of.id, false)}
            about={about}
            note={{ label: "Why not", hint: "Who asked reads it here. May stay empty." }}
            done="Rejected"
            small
          >
            Nothing changes. Who asked may ask anew.
          </Confirm>{" "}
        </>
      ) : null}
      <Confirm
        label="Withdraw"
        title="Withdraw this exemption?"
        action={withdraw.bind(null, of.id)}
        about={about}
        done="Withdrawn"
        small
      >
        {of.state === "active"
          ? `Its effect ends at once: ${plural(of.findings, "finding")} will count again.`
          : "The request is taken back."}
      </Confirm>
    </>
  );
}

/** Exemptions with what they hold for. */
export function ExemptionTable({
  exemptions,
  names,
  titles,
  place,
  now,
  timeZone,
}: {
  exemptions: readonly OwnedExemption[];
  now: Date;
  timeZone: string;
} & Words) {
  const when = (at: string) => <When at={new Date(at)} now={now} timeZone={timeZone} suffix=" ago" />;
  return (
    <table className="flow t-plain t-exempt">
      <thead>
        <tr>
          <TableHead>For</TableHead>
          <TableHead>Type</TableHead>
          <TableHead>Why</TableHead>
          <TableHead num>Findings</TableHead>
          <TableHead>Until</TableHead>
          <TableHead>State</TableHead>
          <TableHead hidden>Action</TableHead>
        </tr>
      </thead>
      <tbody>
        {exemptions.map((one) => (
          <tr key={one.id} id={one.id}>
            <td className="wrap">
              <Targets of={one} names={names} titles={titles} place={place} />
            </td>
            <td data-l="Type">{one.type}</td>
            <td className="wrap mut" data-l="Why">
              <bdi>{visible(one.reason)}</bdi>
              {one.evidence === "" ? null : (
                <div className="sm">
                  <bdi>{visible(one.evidence)}</bdi>
                </div>
              )}
            </td>
            <td className="num" data-l="Findings">
              {one.state === "requested" ? (
                <span className="mut">none yet</span>
              ) : one.findings === 0 ? (
                <span className="zero">0</span>
              ) : (
                <Link
                  className="lnk"
                  href={withParameters("/findings", { exempted: "true", exemption: one.id })}
                  prefetch={false}
                >
                  {count(one.findings)}
                </Link>
              )}
            </td>
            <td data-l="Until">
              {endOf(one) === null ? <span className="mut">no end</span> : <span className="nw">{endOf(one)}</span>}
            </td>
            <td className="wrap mut" data-l="State">
              {one.state}
              <div className="sm">
                asked {when(one.requestedAt)} by <bdi>{visible(one.requestedBy)}</bdi>
              </div>
              {one.decidedAt === null || one.decidedAt === one.requestedAt ? null : (
                <div className="sm">
                  decided {when(one.decidedAt)} by <bdi>{visible(one.decidedBy ?? "")}</bdi>
                  {one.note === null ? null : (
                    <>
                      : <bdi>{visible(one.note)}</bdi>
                    </>
                  )}
                </div>
              )}
              {one.endedAt === null ? null : (
                <div className="sm">
                  ended {when(one.endedAt)} by <bdi>{visible(one.endedBy ?? "")}</bdi>
                </div>
              )}
            </td>
            <td className="num">
              {(one.state === "requested" || one.state === "active") && one.mayChange ? (
                <Actions of={one} names={names} titles={titles} place={place} />
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

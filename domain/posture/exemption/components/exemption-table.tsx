import Link from "next/link";
import { Confirm } from "@/components/confirm";
import { count, plural } from "@/components/format";
import { visible } from "@/components/name";
import { TableHead } from "@/components/table-head";
import { When } from "@/components/when";
import { decide, withdraw } from "../actions";
import { targetWords } from "../choice";
import type { OwnedExemption } from "../queries";

const SHOWN = 5;
const TYPE_WORDS = { mitigated: "mitigated", waiver: "waiver" } as const;

function Targets({ of, names }: { of: OwnedExemption; names: ReadonlyMap<string, string> }) {
  return (
    <>
      {of.targets.slice(0, SHOWN).map((target) => (
        <div key={JSON.stringify(target)}>
          <bdi>{visible(targetWords(target, names))}</bdi>
        </div>
      ))}
      {of.targets.length > SHOWN ? <div className="mut">and {count(of.targets.length - SHOWN)} more</div> : null}
    </>
  );
}

function Actions({ of }: { of: OwnedExemption }) {
  return (
    <>
      {of.state === "requested" && !of.own ? (
        <>
          <Confirm
            label="Approve"
            title="Approve this exemption?"
            action={decide.bind(null, of.id, true)}
            done="Approved"
            small
          >
            It holds at once, and until it ends or is withdrawn.
          </Confirm>{" "}
          <Confirm
            label="Reject"
            title="Reject this exemption?"
            action={decide.bind(null, of.id, false)}
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

/** Exemptions with what they hold for. `mayChange` says which of them the reader may decide on or take back. */
export function ExemptionTable({
  exemptions,
  names,
  mayChange,
  now,
  timeZone,
}: {
  exemptions: readonly OwnedExemption[];
  names: ReadonlyMap<string, string>;
  mayChange: (exemption: OwnedExemption) => boolean;
  now: Date;
  timeZone: string;
}) {
  const when = (at: string) => <When at={new Date(at)} now={now} timeZone={timeZone} />;
  return (
    <table className="flow t-plain">
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
          <tr key={one.id}>
            <td className="wrap">
              <Targets of={one} names={names} />
            </td>
            <td>{TYPE_WORDS[one.type]}</td>
            <td className="wrap mut">
              <bdi>{visible(one.reason)}</bdi>
              {one.evidence === "" ? null : (
                <div className="sm">
                  <bdi>{visible(one.evidence)}</bdi>
                </div>
              )}
            </td>
            <td className="num">
              {one.findings === 0 ? (
                <span className="zero">0</span>
              ) : (
                <Link href="/findings?exempted=true">{count(one.findings)}</Link>
              )}
            </td>
            <td>{one.expiresAt === null ? <span className="mut">no end</span> : one.expiresAt.slice(0, 10)}</td>
            <td className="wrap mut">
              {one.state}
              <div className="sm">
                asked {when(one.requestedAt)} by <bdi>{visible(one.requestedBy)}</bdi>
              </div>
              {one.decidedAt === null ? null : (
                <div className="sm">
                  decided {when(one.decidedAt)} by <bdi>{visible(one.decidedBy ?? "")}</bdi>
                </div>
              )}
              {one.endedAt === null ? null : (
                <div className="sm">
                  ended {when(one.endedAt)} by <bdi>{visible(one.endedBy ?? "")}</bdi>
                </div>
              )}
            </td>
            <td className="num">
              {(one.state === "requested" || one.state === "active") && mayChange(one) ? <Actions of={one} /> : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

import { Confirm } from "@/components/confirm";
import { date } from "@/components/format";
import { Name } from "@/components/name";
import { When } from "@/components/when";
import { withdrawAttestation } from "../attestation/actions";
import type { AttestationItem } from "../attestation/schema";
import { ATTESTED_WORDS } from "./words";

const WHOLE = "Everything";

/** What people said of a requirement, newest first: what counts now, and what it replaced. */
export function AttestationList({
  items,
  timeZone,
  mayEnd,
}: {
  items: readonly AttestationItem[];
  timeZone: string;
  mayEnd: (item: AttestationItem) => boolean;
}) {
  return (
    <ul className="attested">
      {items.map((item) => (
        <li key={item.id} className={item.live ? "" : "over"}>
          <p>
            <b>{ATTESTED_WORDS[item.state]}</b> <span className="dim">for</span>{" "}
            {item.scope === "fleet" ? WHOLE : <Name text={item.place} />}
            {item.live ? (
              <span className="dim">, until {date(new Date(item.until), "UTC")}</span>
            ) : item.endedAt === null ? (
              <span className="dim">, ran out on {date(new Date(item.until), "UTC")}</span>
            ) : (
              <span className="dim">
                , ended on {date(new Date(item.endedAt), timeZone)} by <Name text={item.endedBy ?? "somebody"} />
              </span>
            )}
          </p>
          <p className="said">
            <bdi>{item.evidence}</bdi>
          </p>
          {item.link === null ? null : (
            <p className="wrap">
              <a className="lnk" href={item.link} rel="noreferrer noopener" target="_blank">
                {new URL(item.link).hostname}
              </a>
            </p>
          )}
          <p className="dim sm">
            <Name text={item.by} />, <When at={new Date(item.at)} timeZone={timeZone} />
            {mayEnd(item) ? (
              <Confirm
                small
                variant="ghost"
                label="Withdraw"
                title="Withdraw this attestation?"
                done="Withdrawn"
                action={withdrawAttestation.bind(null, item.id)}
              >
                The requirement then waits for a person again, at this place. The words stay in its history.
              </Confirm>
            ) : null}
          </p>
        </li>
      ))}
    </ul>
  );
}

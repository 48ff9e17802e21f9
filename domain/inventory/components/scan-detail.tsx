import Link from "next/link";
import { count, plural } from "@/components/format";
import { Mark } from "@/components/marks";
import { Breaks, Name } from "@/components/name";
import { When } from "@/components/when";
import type { ScanDetail } from "../scan/detail/queries";
import { gapWords } from "./gap";
import { scanMark } from "./states";
import { triggerWord } from "./words";

const KINDS_SHOWN = 12;

/** One scan in full: what it saw, what it could not see and in whose words, what came of it. */
export function ScanDetailView({ scan, timeZone }: { scan: ScanDetail; timeZone: string }) {
  const mark = scanMark(scan.status);
  const figures: [string, number | null][] = [
    ["Changed", scan.stats.changed],
    ["Gone", scan.stats.gone],
    ["Evaluated", scan.stats.evaluated],
    ["Findings opened", scan.stats.opened],
    ["Findings resolved", scan.stats.resolved],
  ];
  return (
    <>
      <h2>
        {scan.kind === "account" ? "Discovery of " : "Scan of "}
        <Name text={scan.clusterName ?? scan.accountName} />
      </h2>
      <p className="where">
        <Mark name={mark.name} /> {mark.word}
        {scan.clusterId === null ? null : (
          <>
            ,{" "}
            <Link className="lnk" href={`/clusters/${scan.clusterId}`} prefetch={false}>
              the cluster
            </Link>
          </>
        )}
        ,{" "}
        <Link className="lnk" href={`/accounts/${scan.accountId}`} prefetch={false}>
          <Name text={scan.accountName} />
        </Link>
      </p>
      <dl className="kv">
        <dt>Asked by</dt>
        <dd>{triggerWord(scan.trigger)}</dd>
        <dt>Queued</dt>
        <dd>
          <When at={scan.queuedAt} timeZone={timeZone} />
        </dd>
        <dt>Started</dt>
        <dd>{scan.startedAt === null ? "not yet" : <When at={scan.startedAt} timeZone={timeZone} />}</dd>
        <dt>Took</dt>
        <dd>
          {scan.startedAt === null || scan.finishedAt === null
            ? "not ended"
            : `${((scan.finishedAt.getTime() - scan.startedAt.getTime()) / 1000).toFixed(1)} s`}
        </dd>
        {figures.flatMap(([name, value]) =>
          value === null ? [] : [<dt key={`${name}-name`}>{name}</dt>, <dd key={name}>{count(value)}</dd>],
        )}
      </dl>
      <section>
        <h3>What could not be read</h3>
        {scan.reasons.length > 0 ? (
          <ul className="paths">
            {scan.reasons.map((gap) => (
              <li key={`${gap.code}${gap.what}${gap.message}`}>
                <span className="wrap">
                  <Mark name="unknown" /> <Breaks text={gapWords(gap)} />
                </span>
                {gap.permission === undefined ? null : (
                  <span className="sm">
                    Missing permission{" "}
                    <code className="wrap">
                      <Breaks text={gap.permission} />
                    </code>
                  </span>
                )}
                <span className="said">
                  <Breaks text={gap.message} />
                </span>
              </li>
            ))}
          </ul>
        ) : scan.status === "complete" ? (
          <p className="mut">
            <Mark name="healthy" /> Nothing; all that was asked for was read.
          </p>
        ) : (
          <p className="mut">{scan.status === "failed" ? "No reason was recorded." : "The scan has not ended."}</p>
        )}
      </section>
      {scan.stats.listed.length === 0 ? null : (
        <section>
          <h3>
            What was listed
            <span className="to">{plural(scan.stats.listed.length, "kind")}</span>
          </h3>
          <dl className="kv even">
            {scan.stats.listed.slice(0, KINDS_SHOWN).flatMap(([kind, amount]) => [
              <dt key={`${kind}-name`}>{kind}</dt>,
              <dd key={kind} className="num">
                {count(amount)}
              </dd>,
            ])}
          </dl>
        </section>
      )}
      {scan.stats.ms.length === 0 ? null : (
        <section>
          <h3>Where the time went</h3>
          <dl className="kv even">
            {scan.stats.ms.flatMap(([step, ms]) => [
              <dt key={`${step}-name`}>{step}</dt>,
              <dd key={step} className="num">
                {count(Math.round(ms))}
                <span className="u"> ms</span>
              </dd>,
            ])}
          </dl>
        </section>
      )}
    </>
  );
}

import Link from "next/link";
import { Code } from "@/components/code";
import { count, moment } from "@/components/format";
import { Mark } from "@/components/marks";
import { Breaks, Name } from "@/components/name";
import type { ScanRow } from "../queries";
import type { Gap } from "../schema";
import { gapsWords, gapWords } from "./gap";
import { scanMark } from "./states";
import { triggerWord } from "./words";

const took = (scan: ScanRow): string =>
  scan.startedAt === null || scan.finishedAt === null
    ? ""
    : `${((scan.finishedAt.getTime() - scan.startedAt.getTime()) / 1000).toFixed(1)} s`;
const KINDS: Readonly<Record<string, string>> = { account: "Discovery", cluster: "Cluster" };

/** Scans, newest first, each with why it is not complete. */
export function ScanTable({
  scans,
  named = false,
  timeZone,
}: {
  scans: readonly ScanRow[];
  named?: boolean;
  timeZone: string;
}) {
  return (
    <table className="flow t-plain">
      <thead>
        <tr>
          {named ? <th>Of</th> : null}
          <th>Started</th>
          <th>Result</th>
          <th>Why</th>
          <th>Asked by</th>
          <th className="num">Took</th>
          <th className="num">Changed</th>
          <th className="num">Evaluated</th>
        </tr>
      </thead>
      <tbody>
        {scans.map((scan) => {
          const mark = scanMark(scan.status);
          return (
            <tr key={scan.id}>
              {named ? (
                <td className="wrap">
                  {scan.clusterId === null ? (
                    scan.accountName
                  ) : (
                    <Link href={`/clusters/${scan.clusterId}`} prefetch={false}>
                      <Name text={scan.clusterName ?? ""} />
                    </Link>
                  )}{" "}
                  <span className="dim sm">{KINDS[scan.kind] ?? scan.kind}</span>
                </td>
              ) : null}
              <td className="nw">{moment(scan.startedAt ?? scan.queuedAt, timeZone)}</td>
              <td className="nw">
                <Mark name={mark.name} />
                &ensp;{mark.word}
              </td>
              <td className="mut wrap">
                <Breaks text={gapsWords(scan.reasons)} />
              </td>
              <td className="mut nw">{triggerWord(scan.trigger)}</td>
              <td className="num" data-l="Took">
                {took(scan)}
              </td>
              <td className="num" data-l="Changed">
                {scan.stats.changed === undefined ? "" : count(scan.stats.changed)}
              </td>
              <td className="num" data-l="Evaluated">
                {scan.stats.evaluated === undefined ? "" : count(scan.stats.evaluated)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** What could not be read in a few words, the permission that repairs it, and the server's own words to unfold. `repair`: what grants all of them; empty when nothing is known. */
export function GapTable({ gaps, repair }: { gaps: readonly Gap[]; repair: string }) {
  return (
    <>
      <table className="flow t-plain">
        <thead>
          <tr>
            <th>What could not be read</th>
            <th>Missing permission</th>
          </tr>
        </thead>
        <tbody>
          {gaps.map((gap) => (
            <tr key={`${gap.code}${gap.what}`}>
              <td className="wrap">
                <Mark name="unknown" /> <Breaks text={gapWords(gap)} />
                <details className="words">
                  <summary>The answer in full</summary>
                  <Breaks text={gap.message} />
                </details>
              </td>
              <td className="wrap">
                {gap.permission === undefined ? (
                  <span className="dim">none known</span>
                ) : (
                  <code>
                    <Breaks text={gap.permission} />
                  </code>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {repair === "" ? null : <Code title="What grants it" text={repair} wrap />}
    </>
  );
}

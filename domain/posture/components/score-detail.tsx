import Link from "next/link";
import { count, percent, plural, signClass, signed } from "@/components/format";
import { Mark } from "@/components/marks";
import { Name } from "@/components/name";
import { When } from "@/components/when";
import { scoreText } from "@/lib/score-text";
import type { ScoreDetail } from "../score/schema";
import { coverageShows, coverageWords, moveWords, STEP_MEANING, STEP_WORDS } from "./moves";
import { GROUP_WORDS } from "./words";

/** The score as if there were no exemption, and how it moved; or until when that was not kept. */
function WithoutExemptions({ point, timeZone }: { point: ScoreDetail; timeZone: string }) {
  const { scoreWithoutExemptions: bare, changeWithoutExemptions: change } = point;
  if (!point.keptWithoutExemptions)
    return (
      <>
        <Mark name="unknown" /> not kept before{" "}
        <When at={new Date(point.notKeptBefore ?? point.at)} timeZone={timeZone} />
      </>
    );
  if (bare === point.score) return <>the same</>;
  return (
    <>
      {bare === null ? "no score" : scoreText(bare)}
      {change === null || point.first ? null : (
        <>
          , <span className={signClass(change, 2)}>{signed(change, 2)}</span>
        </>
      )}
    </>
  );
}

/** What it changed by, and from what; a first reading changed nothing. */
function Since({ point: { first, change, previous } }: { point: ScoreDetail }) {
  if (first) return <>the first reading</>;
  return (
    <>
      <span className={signClass(change, 2)}>{signed(change, 2)}</span>{" "}
      {previous === null
        ? "from what is not kept any more"
        : previous.score === null
          ? "from no score"
          : `from ${scoreText(previous.score)}`}
    </>
  );
}

/** One point of a score: what it was, what it is, and the entries that sum to the difference. */
export function ScoreDetailView({ point, timeZone }: { point: ScoreDetail; timeZone: string }) {
  const isOther = point.groups.some(
    (group) => point.keptWithoutExemptions && group.currentWithoutExemptions !== group.current,
  );
  const sum = point.ledger.reduce((total, entry) => total + entry.delta, 0);
  return (
    <>
      <h2>
        <Name text={point.subject?.name ?? "The fleet"} />: {point.score === null ? "no score" : scoreText(point.score)}
      </h2>
      <p className="where">
        <When at={new Date(point.at)} timeZone={timeZone} />, <Since point={point} />
      </p>
      <dl className="kv">
        <dt>Without exemptions</dt>
        <dd>
          <WithoutExemptions point={point} timeZone={timeZone} />
        </dd>
        <dt>Coverage</dt>
        <dd>
          {point.coverage === null ? (
            <>
              <Mark name="unknown" /> nothing evaluated
            </>
          ) : (
            `${percent(point.coverage)} %, ${count(point.evaluated)} of ${plural(point.expected, "assessment")}`
          )}
          {coverageShows(point) ? <p>{coverageWords(point.coverageChange)}</p> : null}
        </dd>
        {point.movedBy === null ? null : (
          <>
            <dt>After</dt>
            <dd>
              <Link className="lnk" href={`/scans?scan=${point.movedBy.scanId}`} prefetch={false}>
                the scan
              </Link>
              {point.movedBy.cluster === null ? null : (
                <>
                  {" "}
                  of{" "}
                  <Link className="lnk" href={`/clusters/${point.movedBy.cluster.id}`} prefetch={false}>
                    <Name text={point.movedBy.cluster.name} />
                  </Link>
                </>
              )}
            </dd>
          </>
        )}
      </dl>
      <section>
        <h3>
          Ledger<span className="to">entries sum to the {point.first ? "score" : "change"}</span>
        </h3>
        <table className="t-ledger">
          <thead>
            <tr>
              <th>Reason</th>
              <th className="num">Resources</th>
              <th className="num">Points</th>
            </tr>
          </thead>
          <tbody>
            {point.ledger.map((entry) => (
              <tr key={entry.step}>
                <td>
                  <b>{STEP_WORDS[entry.step]}</b>
                  <span className="dim sm">
                    {entry.step === "weights" && point.movedBy !== null
                      ? moveWords(entry, point.movedBy)
                      : entry.step === "coverage" && entry.lost !== undefined
                        ? moveWords(entry)
                        : STEP_MEANING[entry.step]}
                  </span>
                </td>
                <td className="num">
                  {entry.resources === 0 ? <span className="zero">0</span> : count(entry.resources)}
                </td>
                <td className={`num ${signClass(entry.delta, 2)}`}>{signed(entry.delta, 2)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td>All</td>
              <td />
              <td className="num">{signed(sum, 2)}</td>
            </tr>
          </tfoot>
        </table>
      </section>
      <section>
        <h3>Score groups at that moment</h3>
        <table>
          <thead>
            <tr>
              <th>Group</th>
              <th className="num">Healthy</th>
              <th className="num">Unhealthy</th>
              <th className="num">Points</th>
              {isOther ? <th className="num">Without exemptions</th> : null}
            </tr>
          </thead>
          <tbody>
            {point.groups.map((group) => (
              <tr key={group.group}>
                <td>{GROUP_WORDS[group.group]}</td>
                <td className="num">{count(group.healthy)}</td>
                <td className="num">{count(group.unhealthy)}</td>
                <td className="num">
                  {group.current === null ? (
                    <span className="u">out</span>
                  ) : (
                    <b className="inc">{group.current.toFixed(2)}</b>
                  )}
                  <span className="u"> / {group.max}</span>
                </td>
                {isOther ? <td className="num">{group.currentWithoutExemptions?.toFixed(2) ?? "out"}</td> : null}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

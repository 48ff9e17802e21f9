import Link from "next/link";
import { withParameters } from "@/components/address";
import { Bar } from "@/components/bar";
import { age, count, percent, plural } from "@/components/format";
import { Mark } from "@/components/marks";
import { Breaks, Name } from "@/components/name";
import { scoreText } from "@/lib/score-text";
import type { ClusterRow } from "../queries";
import { DISTRIBUTIONS } from "../schema";
import { gapsWords } from "./gap";
import { coverageOf, scanMark } from "./states";
import { DISTRIBUTION_WORDS } from "./words";

/** Clusters of a distribution that are shown; of these on a narrow screen (narrow.css hides the others). */
const SHOWN = 8;
const SHOWN_NARROW = 2;

/** Those without a score first: nobody knows how bad they are. */
const worstFirst = (a: ClusterRow, b: ClusterRow): number =>
  (a.score ?? -1) - (b.score ?? -1) || a.name.localeCompare(b.name, "en");

/** Clusters in a column for each distribution that has one, with score and coverage, the worst first. */
export function ClustersByDistribution({
  clusters,
  place,
  now,
}: {
  clusters: readonly ClusterRow[];
  /** What the page is narrowed to, for links. */
  place: Readonly<Record<string, string>>;
  now: Date;
}) {
  return (
    <div className="four">
      {DISTRIBUTIONS.map((distribution) => {
        const own = clusters.filter((cluster) => cluster.distribution === distribution).sort(worstFirst);
        const href = withParameters("/clusters", { ...place, distribution });
        return own.length === 0 ? null : (
          <section key={distribution} aria-label={DISTRIBUTION_WORDS[distribution]}>
            <h3>
              {DISTRIBUTION_WORDS[distribution]}
              <span className="dim">
                {plural(own.length, "cluster")},{" "}
                {plural(
                  own.reduce((sum, cluster) => sum + cluster.workloads, 0),
                  "workload",
                )}
              </span>
            </h3>
            {own.slice(0, SHOWN).map((cluster) => (
              <ClusterLine key={cluster.id} cluster={cluster} now={now} />
            ))}
            <MoreClusters className="wide" amount={own.length - SHOWN} href={href} />
            <MoreClusters className="narrow" amount={own.length - SHOWN_NARROW} href={href} />
          </section>
        );
      })}
    </div>
  );
}

/** How many clusters of a column are not shown, and the way to them; nothing where all are. */
function MoreClusters({ className, amount, href }: { className: "wide" | "narrow"; amount: number; href: string }) {
  return amount <= 0 ? null : (
    <p className={`sm ${className}`}>
      <Link className="lnk" href={href} prefetch={false}>
        {count(amount)} more
      </Link>
    </p>
  );
}

function ClusterLine({ cluster, now }: { cluster: ClusterRow; now: Date }) {
  const scan = scanMark(cluster.lastScanStatus);
  const coverage = coverageOf(cluster);
  const stale = cluster.lastScanStatus === "failed";
  return (
    <div className="cl">
      <span className="nm">
        {scan.name === "complete" ? null : <Mark name={scan.name} label={scan.word} />}
        <Link className="el" href={`/clusters/${cluster.id}`} prefetch={false} title={cluster.name}>
          <Name text={cluster.name} />
        </Link>
      </span>
      {cluster.score === null ? (
        <Bar thin filled={0} missing={100} />
      ) : (
        <Bar thin filled={cluster.score} stale={stale} />
      )}
      <span className={`num${stale ? " dim" : ""}`} style={{ fontWeight: 600 }}>
        {cluster.score === null ? <Mark name="unknown" label="no score" /> : scoreText(cluster.score)}
      </span>
      <span className="meta">
        <span>{plural(cluster.workloads, "workload")}</span>
        <span className="r">
          {stale && cluster.lastCompleteAt !== null ? (
            `last known, ${age(cluster.lastCompleteAt, now)} ago`
          ) : coverage === null ? (
            <>
              <Mark name="unknown" /> not evaluated
            </>
          ) : (
            <>
              {coverage < 0.97 ? (
                <>
                  <Mark name="unknown" />{" "}
                </>
              ) : null}
              {percent(coverage)} % covered
            </>
          )}
        </span>
      </span>
    </div>
  );
}

/** Clusters whose last scan was partial or failed, with the cause and the missing permission. */
export function NeedsPerson({ clusters }: { clusters: readonly ClusterRow[] }) {
  return (
    <ul className="todo">
      {clusters.map((cluster) => {
        const scan = scanMark(cluster.lastScanStatus);
        return (
          <li key={cluster.id}>
            <Mark name={scan.name} />
            <div className="wrap">
              <Link href={`/clusters/${cluster.id}`} prefetch={false} style={{ fontWeight: 500 }}>
                <Name text={cluster.name} />
              </Link>{" "}
              {scan.word}
              <p>
                <Breaks
                  text={cluster.reasons.length === 0 ? "No reason was recorded." : `${gapsWords(cluster.reasons)}.`}
                />{" "}
                {count(cluster.expected - cluster.evaluated)} not evaluated.
              </p>
            </div>
            <Link className="btn sml" href={`/clusters/${cluster.id}#gaps`} prefetch={false}>
              Repair
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

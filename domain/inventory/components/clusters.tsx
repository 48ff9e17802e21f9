import Link from "next/link";
import { Bar } from "@/components/bar";
import { age, count, decimal, percent, plural } from "@/components/format";
import { Mark, type MarkName } from "@/components/marks";
import type { ClusterRow } from "../queries";
import { DISTRIBUTIONS, type Distribution } from "../schema";

const WORDS: Readonly<Record<Distribution, string>> = { aks: "AKS", eks: "EKS", gke: "GKE", arc: "Arc" };
export const distributionWord = (distribution: Distribution): string => WORDS[distribution];

/** Mark and word of a scan's state. Never scanned is a hatch, not a tick. */
export function scanMark(status: string | null): { name: MarkName; word: string } {
  if (status === "complete" || status === "partial" || status === "failed" || status === "running")
    return { name: status, word: status };
  return status === "queued" ? { name: "running", word: "waiting" } : { name: "unknown", word: "never scanned" };
}

/** The share of a cluster's expected assessments that were made; null when none was expected, so nothing is known. */
export const coverageOf = (cluster: Pick<ClusterRow, "expected" | "evaluated">): number | null =>
  cluster.expected === 0 ? null : cluster.evaluated / cluster.expected;

/** Clusters in four columns, one per distribution, with score and coverage. */
export function ClustersByDistribution({ clusters, now }: { clusters: readonly ClusterRow[]; now: Date }) {
  return (
    <div className="four">
      {DISTRIBUTIONS.map((distribution) => {
        const own = clusters.filter((cluster) => cluster.distribution === distribution);
        return (
          <section key={distribution} aria-label={WORDS[distribution]}>
            <h3>
              {WORDS[distribution]}
              <span className="dim">
                {plural(own.length, "cluster")},{" "}
                {plural(
                  own.reduce((sum, cluster) => sum + cluster.workloads, 0),
                  "workload",
                )}
              </span>
            </h3>
            {own.slice(0, 8).map((cluster) => (
              <ClusterLine key={cluster.id} cluster={cluster} now={now} />
            ))}
          </section>
        );
      })}
    </div>
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
          {cluster.name}
        </Link>
      </span>
      {cluster.score === null ? (
        <Bar thin filled={0} missing={100} />
      ) : (
        <Bar thin filled={cluster.score} stale={stale} />
      )}
      <span className={`num${stale ? " dim" : ""}`} style={{ fontWeight: 600 }}>
        {cluster.score === null ? <Mark name="unknown" label="no score" /> : decimal(cluster.score)}
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
        const [first, ...others] = cluster.reasons;
        return (
          <li key={cluster.id}>
            <Mark name={scan.name} />
            <div className="wrap">
              <Link href={`/clusters/${cluster.id}`} prefetch={false} style={{ fontWeight: 500 }}>
                {cluster.name}
              </Link>{" "}
              {scan.word}
              <p>
                {first === undefined ? "No reason was recorded." : first.message}
                {others.length > 0 ? ` And ${plural(others.length, "other gap")}.` : ""}{" "}
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

import { performance } from "node:perf_hooks";
import pg from "pg";
import { mintScope } from "@/domain/access/scope";
import { findingTable } from "@/domain/posture/finding/export/column";
import { exportFindings } from "@/domain/posture/finding/export/queries";
import { findingQuery } from "@/domain/posture/finding/schema";
import { loadControls } from "@/domain/posture/load";
import { controlCatalogue } from "@/domain/posture/queries";
import { SEVERITY_RANK } from "@/domain/posture/schema";
import { closeDatabase } from "@/lib/db";
import { csvPieces } from "@/lib/http/export";
import { textStream } from "@/lib/http/stream";
import { makeFleet } from "@/lib/testing/fleet";
import { type Asked, asked, choose } from "./asked";
import { figure, percentile } from "./figure";
import { explain, recordStatements, type Statement } from "./statement";

const GOAL_MS = 50;
const TIMES = 20;
const SLOWEST = 25;
const FINDINGS = 1_000_000;
const SIZE = { accounts: 100, clusters: 1000, workloads: 50, scans: 30 };
const CONTROLS = 50;
/** Rows of the measured file. */
const FILE = 200_000;

/**
 * 1,000 clusters and about 1,000,000 findings of controls that the product has, `exempted` the share of the open ones that an exemption holds
 * for. Takes minutes; false when they are there already.
 */
export async function fillFleet(pool: pg.Pool, exempted: number): Promise<boolean> {
  const { rowCount } = await pool.query(`SELECT 1 FROM "Finding" LIMIT 1`);
  if (rowCount === 1) return false;
  const all = loadControls().filter(({ maturity }) => maturity !== "deprecated");
  const controls = all
    .filter(({ appliesTo }) => appliesTo.resources.includes("Workload"))
    .slice(0, CONTROLS)
    .map(({ id, scoreGroup, severity }) => ({ id, scoreGroup, severity: SEVERITY_RANK[severity] }));
  const failing = FINDINGS / (SIZE.clusters * SIZE.workloads * controls.length);
  const assessed = all.map(({ id }) => id);
  await makeFleet(pool, { ...SIZE, failing, exempted }, controls, assessed);
  return true;
}

interface Timed {
  statement: Statement;
  from: string;
  times: number[];
}

/**
 * Every question of pages and API on the fleet at `url`, as an Owner and as a Reader of one account; then each statement with its 95th
 * percentile and the cost of its plan, slowest first; then a file of 200,000 rows and a client that leaves.
 */
export async function measureQueries(
  url: string,
  only: string | undefined,
  say: (line?: string) => void,
): Promise<void> {
  process.env.DATABASE_URL = url;
  const statements = recordStatements();
  const pool = new pg.Pool({ connectionString: url, max: 4 }).on("error", () => undefined); // the server may stop while a connection is still closing
  try {
    const chosen = await choose(pool);
    const owner = mintScope(null, "bench", [{ role: "Owner", accountId: null }]);
    const reader = mintScope(null, "bench", [{ role: "Security Reader", accountId: chosen.account }]);
    const all: [string, Asked, typeof owner][] = asked(chosen).flatMap((one) => [
      [one.name, one, owner],
      [`${one.name} (one account)`, one, reader],
    ]);
    const seen = new Map<string, Timed>();
    const slow: string[] = [];
    const some = all.filter(([name]) => only === undefined || only.split(",").some((one) => name.includes(one)));
    for (const [name, { run }, scope] of some) {
      const whole: number[] = [];
      for (let at = -2; at < TIMES; at++) {
        statements.take();
        const clock = performance.now();
        await run(scope);
        if (at < 0) continue;
        whole.push(performance.now() - clock);
        for (const statement of statements.take()) {
          const key = `${name}\n${statement.text}`;
          const timed = seen.get(key) ?? { statement, from: name, times: [] };
          timed.times.push(statement.ms);
          seen.set(key, timed);
        }
      }
      const p95 = percentile(whole, 0.95);
      if (p95 > GOAL_MS) slow.push(`${name} ${p95.toFixed(0)} ms`);
      figure(name.slice(0, 43), [p95], "ms", GOAL_MS);
    }
    say(
      `${some.length} questions, ${TIMES} times each after 2 unmeasured ones; ${slow.length} above ${GOAL_MS} ms at the 95th percentile`,
    );
    await tellStatements(pool, [...seen.values()], say);
    if (only === undefined) await measureFile(pool, owner, say);
  } finally {
    await pool.end();
    await closeDatabase();
  }
}

async function tellStatements(pool: pg.Pool, timed: readonly Timed[], say: (line?: string) => void): Promise<void> {
  const p95 = ({ times }: Timed): number => percentile(times, 0.95);
  const sorted = [...timed].sort((a, b) => p95(b) - p95(a));
  say();
  say(`${sorted.length} statements; the ${SLOWEST} slowest: p95, cost of the plan, tables read whole`);
  for (const one of sorted.slice(0, process.env.BENCH_ALL_STATEMENTS === undefined ? SLOWEST : sorted.length)) {
    const plan = await explain(pool, one.statement);
    const cost = plan === null ? "–" : plan.cost.toFixed(0);
    const text = one.statement.text.replace(/\s+/g, " ").trim().slice(0, 110);
    say(
      `${p95(one).toFixed(1).padStart(8)} ms ${cost.padStart(9)} ${plan?.scans.join(",") ?? ""}  ${one.from}: ${text}`,
    );
  }
}

/** A CSV of 200,000 findings as the API streams it, its peak of memory, and how long a query outlives a reader who leaves. */
async function measureFile(pool: pg.Pool, owner: Parameters<typeof exportFindings>[0], say: (line?: string) => void) {
  say();
  const open = async () => {
    const rows = await exportFindings(owner, findingQuery.parse({}));
    const table = findingTable(await controlCatalogue(), "https://seawall.example.com", rows.asOf);
    return { total: rows.total, stream: textStream(csvPieces(table, rows), () => void rows.close()) };
  };
  const before = process.memoryUsage().rss;
  const peaks = [before, before]; // while its first half and its second half are read
  const clock = performance.now();
  const { total, stream } = await open();
  const reader = stream.getReader();
  let rows = 0;
  let bytes = 0;
  while (rows < FILE) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
    for (const byte of value) if (byte === 10) rows++;
    const half = rows < FILE / 2 ? 0 : 1;
    peaks[half] = Math.max(peaks[half] ?? 0, process.memoryUsage().rss);
  }
  figure(
    `CSV of ${rows.toLocaleString("en")} of ${total.toLocaleString("en")} rows`,
    [(performance.now() - clock) / 1000],
    "s",
    30,
  );
  figure("  its size", [bytes / 1e6], "MB");
  for (const [half, name] of ["first", "second"].entries())
    figure(`  memory above the start's, ${name} half`, [((peaks[half] ?? before) - before) / 1e6], "MB");
  const left = performance.now();
  await reader.cancel();
  for (;;) {
    const busy = await pool.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle' AND backend_type = 'client backend'`,
    );
    if (busy.rowCount === 0) break;
  }
  figure("  its query ends after the reader left", [performance.now() - left], "ms");
}

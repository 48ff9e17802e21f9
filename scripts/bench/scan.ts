import { performance } from "node:perf_hooks";
import pg from "pg";
import { z } from "zod";
import { openReader } from "@/connectors/kubernetes/reader";
import { managedClusterSchema } from "@/domain/inventory/schema";
import { loadControls } from "@/domain/posture/load";
import { uuidv7 } from "@/lib/id";
import { caCertificate } from "@/lib/testing/tls";
import { scanCluster } from "@/worker/scan/scan-cluster";

/** The measured process: what the worker does for one cluster, and nothing else, so that its peak of memory is the scan's own. */
const order = z
  .object({ url: z.string(), port: z.number(), again: z.number() })
  .parse(JSON.parse(process.argv[2] ?? "{}"));
const pool = new pg.Pool({ connectionString: order.url, max: 10 });
const managed = managedClusterSchema.parse({ distribution: "aks", name: "bench", api: { publicEndpoint: false } });
const [accountId, id] = [uuidv7(), uuidv7()];
await pool.query(
  `INSERT INTO "Account" ("id", "provider", "name", "externalId", "settings", "updatedAt") VALUES ($1, 'azure', 'bench', 'bench', '{}', now())`,
  [accountId],
);
await pool.query(
  `INSERT INTO "Cluster" ("id", "accountId", "distribution", "name", "aliases", "managed", "fence") VALUES ($1, $2, 'aks', 'bench', '{}', $3, 7)`,
  [id, accountId, JSON.stringify(managed)],
);
const controls = loadControls();
const megabytes = (): number => Math.round(process.resourceUsage().maxRSS / 1024);
const access = {
  server: `https://localhost:${order.port}/`,
  caCertificate,
  token: async () => "bench",
};
const began = megabytes();

async function once(full: boolean) {
  const reader = openReader(access, { allowPrivateNetworks: true, signal: new AbortController().signal });
  const scanId = uuidv7();
  const cpu = process.cpuUsage();
  const clock = performance.now();
  const outcome = await scanCluster({
    pool,
    reader,
    cluster: { id, accountId, distribution: "aks", name: "bench", managed },
    controls,
    fence: 7n,
    scanId,
    trigger: "manual",
    now: new Date(),
    gaps: [],
    full,
  });
  const ms = performance.now() - clock;
  const { user, system } = process.cpuUsage(cpu);
  await reader.close();
  if (outcome.status !== "complete")
    throw new Error(`The scan is ${outcome.status}: ${JSON.stringify(outcome.reasons)}`);
  const { rows } = await pool.query<{ ms: Record<string, number> }>(
    `SELECT "stats"->'ms' AS "ms" FROM "Scan" WHERE "id" = $1`,
    [scanId],
  );
  const { load = 0, list = 0, evaluate = 0 } = rows[0]?.ms ?? {};
  return {
    ms,
    cpuMs: (user + system) / 1000,
    load,
    list,
    evaluate,
    commit: ms - load - list - evaluate,
    peak: megabytes(),
    listed: outcome.listed,
    changed: outcome.changed,
    evaluated: outcome.evaluated,
    opened: outcome.opened,
  };
}

const cold = await once(false);
const unchanged = [];
for (let at = 0; at < order.again; at++) unchanged.push(await once(false));
const sweep = await once(true);
await pool.end();
process.send?.({ began, cold, unchanged, sweep });

import type pg from "pg";

/** A control as the made fleet fails it. */
export interface FleetControl {
  id: string;
  scoreGroup: string;
  /** Rank, 3 critical … 0 low. */
  severity: number;
}
export interface FleetSize {
  accounts: number;
  clusters: number;
  /** Workloads of a cluster; each has three pods and one or two images. */
  workloads: number;
  /** Share of workload × control that has a finding, 0…1. */
  failing: number;
  /** Share of the open findings that an exemption holds for, 0…1; none where it is not said. Every second one is a waiver. */
  exempted?: number;
  scans: number;
}

/** A number 0…n−1 that depends on nothing but the text: the same fleet at every run. */
const draw = (text: string, n: number): string => `(abs(hashtextextended(${text}, 7)) % ${n})`;
/** A UUIDv7 of this moment, the rest from the text. */
const idAt = (at: string, text: string): string =>
  `(lpad(to_hex((extract(epoch FROM ${at}) * 1000)::bigint), 12, '0') || '7' || substr(md5(${text}), 1, 3) || '8' || substr(md5(${text}), 4, 15))::uuid`;

/**
 * Fills a migrated, empty database with a fleet, by statements over whole sets: what lists, counts and exports read, with the triggers at work.
 * Nothing of it was scanned; scores are made up, and the oldest tenth of them was not kept without exemptions. `controls` fail somewhere, `assessed` are all that have roll-ups.
 */
export async function makeFleet(
  db: pg.Pool,
  size: FleetSize,
  controls: readonly FleetControl[],
  assessed: readonly string[] = controls.map(({ id }) => id),
): Promise<void> {
  const run = async (text: string, values: readonly unknown[] = []): Promise<void> =>
    void (await db.query(text, [...values]));
  await run(
    `INSERT INTO "Account" (id, provider, name, "externalId", settings, "updatedAt")
     SELECT ${idAt("timestamptz '2026-01-01'", "'account' || a")}, (ARRAY['azure', 'aws', 'gcp'])[a % 3 + 1], 'account-' || a, 'ext-' || a, '{}', now() FROM generate_series(1, $1::int) a`,
    [size.accounts],
  );
  await run(
    `INSERT INTO "Cluster" (id, "accountId", distribution, name, uid, aliases, region, version, managed, workloads, nodes, score, "scoreWithoutExemptions", coverage, expected, evaluated,
       "lastScanStatus", "lastScanAt", "lastCompleteAt", "firstSeenAt")
     SELECT ${idAt("now() - interval '98 days'", "'cluster' || c")}, ${idAt("timestamptz '2026-01-01'", "'account' || (c % $2 + 1)")},
       CASE (c % $2 + 1) % 3 WHEN 0 THEN CASE WHEN c % 4 = 0 THEN 'arc' ELSE 'aks' END WHEN 1 THEN 'eks' ELSE 'gke' END,
       (ARRAY['prod', 'stage', 'shop', 'data', 'edge'])[c % 5 + 1] || '-' || c, 'uid-' || c, ARRAY['alias-' || c], 'region-' || c % 7, '1.' || 30 + c % 5 || '.2',
       '{"distribution":"aks","name":"x"}', $3, 3 + c % 40, 40 + c % 50, 40 + c % 50 - 4 * (c % 3), 0.98, 1000, 980, CASE WHEN c % 20 = 0 THEN 'partial' ELSE 'complete' END,
       now() - make_interval(mins => c % 60), now() - make_interval(mins => c % 60), now() - interval '98 days' FROM generate_series(1, $1::int) c`,
    [size.clusters, size.accounts, size.workloads],
  );
  await makeResources(run, size);
  await makeFindings(run, size, controls, assessed);
  await makeScores(run, size, assessed);
  await db.query("VACUUM ANALYZE");
}

type Run = (text: string, values?: readonly unknown[]) => Promise<void>;

/** One workload of a cluster: every table draws the same from its number `w`. */
const WORKLOADS = `SELECT c.id AS "clusterId", c."accountId", c.name AS cluster, w,
    CASE WHEN w % 12 = 0 THEN 'kube-system' ELSE 'team-' || (w % 18) || CASE WHEN w % 5 = 0 THEN '-' || c.name ELSE '' END END AS namespace,
    (ARRAY['Deployment', 'Deployment', 'Deployment', 'StatefulSet', 'DaemonSet', 'CronJob'])[w % 6 + 1] AS kind,
    (ARRAY['checkout', 'payments', 'catalog', 'search', 'ledger', 'mailer', 'gateway'])[w % 7 + 1] || '-' || w AS name
  FROM "Cluster" c, generate_series(1, $1::int) w`;

async function makeResources(run: Run, size: FleetSize): Promise<void> {
  await run(
    `INSERT INTO "Resource" ("clusterId", "apiGroup", kind, namespace, name, hash, doc, "ownerKind", "ownerName", outcomes, "firstSeenAt", "changedAt")
     SELECT "clusterId", CASE kind WHEN 'CronJob' THEN 'batch' ELSE 'apps' END, kind, namespace, name, 'h', '{}', kind, name, '{}', now() - interval '60 days', now() - interval '1 day'
     FROM (${WORKLOADS}) x`,
    [size.workloads],
  );
  await run(
    `INSERT INTO "Resource" ("clusterId", "apiGroup", kind, namespace, name, hash, doc, "ownerKind", "ownerName", running, phase, "firstSeenAt", "changedAt")
     SELECT "clusterId", '', 'Pod', namespace, name || '-' || substr(md5(cluster || w || p), 1, 9), 'h',
       jsonb_build_object('spec', jsonb_build_object('nodeName', cluster || '-node-' || (w + p) % 9)), kind, name,
       jsonb_build_array(jsonb_build_array('c1', 'registry.example.com/' || split_part(name, '-', 1) || ':' || w % 9 || '.1', ''))::text,
       CASE WHEN w % 50 = 0 THEN 'Pending' ELSE 'Running' END, now() - interval '6 days', now() - interval '1 day'
     FROM (${WORKLOADS}) x, generate_series(1, 3) p`,
    [size.workloads],
  );
  await run(
    `INSERT INTO "RunningImage" ("clusterId", namespace, "ownerKind", "ownerName", container, image, digest, pods)
     SELECT "clusterId", namespace, kind, name, 'c' || i, 'registry.example.com/' || split_part(name, '-', 1) || ':' || w % 9 || '.' || i, 'sha256:' || md5(name) || md5(name || i), 3
     FROM (${WORKLOADS}) x, generate_series(1, 1 + w % 2) i`,
    [size.workloads],
  );
}

async function makeFindings(
  run: Run,
  size: FleetSize,
  controls: readonly FleetControl[],
  assessed: readonly string[],
): Promise<void> {
  const key = `x."clusterId"::text || x.w || k.id`;
  await run(
    `INSERT INTO "Finding" (id, "accountId", "clusterId", "controlId", "scoreGroup", severity, "apiGroup", kind, namespace, name, owner, state, message, evidence,
       "firstSeenAt", "lastSeenAt", "resolvedAt", resolution, reopened, "notRechecked")
     SELECT ${idAt("y.at", key)}, "accountId", "clusterId", k.id, k."scoreGroup", k.severity, CASE x.kind WHEN 'CronJob' THEN 'batch' ELSE 'apps' END, x.kind, namespace, name,
       CASE WHEN w % 4 = 0 THEN NULL ELSE 'team-' || w % 18 END, CASE WHEN y.r < 85 THEN 'open' ELSE 'resolved' END,
       'Container ' || name || ' is not as ' || k.id || ' wants it', jsonb_build_array(jsonb_build_object('path', 'spec.template.spec.containers[0]', 'message', 'Container ' || name || ' is not as ' || k.id || ' wants it')),
       y.at, y.at + (now() - y.at) * ${draw(`'l' || ${key}`, 1000)} / 1000, CASE WHEN y.r < 85 THEN NULL ELSE y.at + (now() - y.at) / 2 END,
       CASE WHEN y.r < 85 THEN NULL ELSE 'fixed' END, CASE WHEN ${draw(`'o' || ${key}`, 20)} = 0 THEN 1 ELSE 0 END,
       CASE WHEN y.r < 3 THEN 'denied' END
     FROM (${WORKLOADS}) x CROSS JOIN jsonb_to_recordset($2::jsonb) AS k(id text, "scoreGroup" text, severity smallint)
     CROSS JOIN LATERAL (SELECT ${draw(`'s' || ${key}`, 100)} AS r, date_trunc('second', now()) - make_interval(secs => ${draw(`'a' || ${key}`, 7_776_000)}) AS at) y
     WHERE ${draw(`'f' || ${key}`, 10_000)} < $3::float8 * 10000`,
    [size.workloads, JSON.stringify(controls), size.failing],
  );
  await makeExemptions(run, size.exempted ?? 0);
  await run(
    `INSERT INTO "FindingTransition" (id, "findingId", "scanId", at, change, severity, "accountId", "controlId") SELECT gen_random_uuid(), id, id, "firstSeenAt", 'opened', severity, "accountId", "controlId" FROM "Finding"`,
  );
  await run(
    `INSERT INTO "FindingTransition" (id, "findingId", "scanId", at, change, severity, "accountId", "controlId") SELECT gen_random_uuid(), id, id, "resolvedAt", 'resolved', severity, "accountId", "controlId" FROM "Finding" WHERE state = 'resolved'`,
  );
  await run(
    `INSERT INTO "ControlRollup" ("clusterId", "controlId", healthy, unhealthy, "notApplicable", "notEvaluated", "liftHealthy", "liftNotApplicable", "liftNotEvaluated")
     SELECT c.id, k.id, $1 - coalesce(f.open - f.mitigated, 0), coalesce(f.open - f.exempted, 0), 2 + coalesce(f.exempted - f.mitigated - f.unseen, 0), 1 + coalesce(f.unseen, 0),
       coalesce(f.mitigated, 0), coalesce(f.exempted - f.mitigated - f.unseen, 0), coalesce(f.unseen, 0)
     FROM "Cluster" c CROSS JOIN unnest($2::text[]) AS k(id)
     LEFT JOIN (SELECT "clusterId", "controlId", count(*) AS open, count(exemption) AS exempted, count(*) FILTER (WHERE exemption = 'mitigated' AND "notRechecked" IS NULL) AS mitigated,
       count(*) FILTER (WHERE exemption = 'mitigated' AND "notRechecked" IS NOT NULL) AS unseen FROM "Finding" WHERE state = 'open' GROUP BY 1, 2) f ON f."clusterId" = c.id AND f."controlId" = k.id`,
    [size.workloads, assessed],
  );
  await run(
    `INSERT INTO "SoleFailure" SELECT "clusterId", min, count(*), count(*) FILTER (WHERE namespace <> 'kube-system') FROM (SELECT "clusterId", min("controlId"), namespace FROM "Finding" WHERE state = 'open' AND exemption IS NULL
       GROUP BY "clusterId", "scoreGroup", "apiGroup", kind, namespace, name HAVING count(*) = 1) one GROUP BY 1, 2`,
  );
}

/** A mitigation and a waiver of everything, each holding for half of the share of open findings. */
async function makeExemptions(run: Run, share: number): Promise<void> {
  if (share === 0) return;
  await run(
    `INSERT INTO "Exemption" (id, type, state, targets, everywhere, "accountIds", reason, "requestedBy", "requestedAt")
     SELECT ${idAt("now()", "type")}, type, 'active', '[{}]', true, '{}', 'Known to this fleet', 'fleet', now() FROM unnest(ARRAY['mitigated', 'waiver']) type`,
  );
  await run(
    `UPDATE "Finding" f SET exemption = e.type, "exemptionId" = e.id FROM "Exemption" e
     WHERE f.state = 'open' AND ${draw("'x' || f.id::text", 10_000)} < $1::float8 * 10000 AND e.type = (ARRAY['mitigated', 'waiver'])[${draw("'w' || f.id::text", 2)} + 1]`,
    [share],
  );
}

async function makeScores(run: Run, size: FleetSize, assessed: readonly string[]): Promise<void> {
  await run(
    `INSERT INTO "GroupRollup" ("clusterId", "scoreGroup", healthy, unhealthy, out, "liftHealthy", "liftUnhealthy")
     SELECT c.id, g, 150, 50, 2, 10, -10 FROM "Cluster" c, (SELECT DISTINCT "scoreGroup" AS g FROM "FindingByControl") x`,
  );
  await run(
    `INSERT INTO "Scan" (id, "accountId", "clusterId", kind, trigger, status, stats, "queuedAt", "startedAt", "finishedAt")
     SELECT ${idAt("y.at", "c.id::text || s")}, c."accountId", c.id, 'cluster', CASE WHEN s % 30 = 0 THEN 'manual' ELSE 'schedule' END,
       CASE WHEN s % 25 = 0 THEN 'failed' WHEN s % 9 = 0 THEN 'partial' ELSE 'complete' END, '{"opened":1,"resolved":0,"evaluated":40}', y.at, y.at, y.at + interval '4 seconds'
     FROM "Cluster" c, generate_series(1, $1::int) s, LATERAL (SELECT now() - make_interval(mins => s * 60 + (${draw("c.id::text", 60)})::int) AS at) y`,
    [size.scans],
  );
  await run(
    `WITH last AS (SELECT DISTINCT ON ("clusterId") id, "clusterId" FROM "Scan" ORDER BY "clusterId", "queuedAt" DESC)
     UPDATE "Scan" s SET stats = s.stats || jsonb_build_object('controls', (SELECT jsonb_object_agg(k, md5(k)) FROM unnest($1::text[]) k)) FROM last WHERE s.id = last.id`,
    [assessed],
  );
  await run(
    `UPDATE "Cluster" c SET "lastScanId" = (SELECT id FROM "Scan" s WHERE s."clusterId" = c.id ORDER BY "queuedAt" DESC LIMIT 1)`,
  );
  await run(
    `INSERT INTO "ScorePoint" (id, scope, "scopeId", at, "scanId", score, coverage, "coverageBefore", expected, evaluated, groups, ledger,
       lift, "scoreWithoutExemptions", "changeWithoutExemptions")
     SELECT ${idAt("y.at", "s.scope || coalesce(s.id::text, '') || p")}, s.scope, s.id, y.at, NULL, 50 + p % 20, 0.98, 0.98, 1000, 980,
       '{"network-access":{"healthy":150,"unhealthy":50,"out":2,"current":3,"max":4}}',
       jsonb_build_array(jsonb_build_object('step', CASE WHEN p % 2 = 0 THEN 'fixed' ELSE 'broken' END, 'delta', CASE WHEN p % 2 = 0 THEN 1 ELSE -1 END, 'resources', 3)),
       CASE WHEN y.kept THEN '{"network-access":{"healthy":10,"unhealthy":-10,"out":0}}'::jsonb END,
       CASE WHEN y.kept THEN 45 + p % 20 END, CASE WHEN y.kept THEN 1 - 2 * (p % 2) END
     FROM (SELECT 'fleet' AS scope, NULL::uuid AS id, 2000 AS n UNION ALL SELECT 'account', id, 100 FROM "Account" UNION ALL SELECT 'cluster', id, 30 FROM "Cluster") s
     CROSS JOIN LATERAL generate_series(1, s.n) p CROSS JOIN LATERAL (SELECT now() - make_interval(mins => p * 60) AS at, p < 0.9 * s.n AS kept) y`,
  );
}

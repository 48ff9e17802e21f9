import type pg from "pg";

/** The tables' own words for what the fleet is said to be; a scan that changes none of it, changes nothing that a person sees. */
const STATE = {
  finding: `SELECT "id", "clusterId", "controlId" || ' of ' || "namespace" || '/' || "name" AS what, "notRechecked" FROM "Finding" WHERE "state" = 'open'`,
  resource: `SELECT "clusterId", "kind" || ' ' || "namespace" || '/' || "name" AS what, "apiGroup", "outcomes" FROM "Resource"`,
  point: `SELECT DISTINCT ON ("scope", "scopeId") "scope", "scopeId", "score", "coverage" FROM "ScorePoint" ORDER BY "scope", "scopeId", "at" DESC, "id" DESC`,
};

/** Remembers what the fleet is said to be now, in tables beside it. */
export async function rememberPosture(pool: pg.Pool): Promise<void> {
  for (const [name, query] of Object.entries(STATE)) await pool.query(`CREATE TABLE clean_${name} AS ${query}`);
  await pool.query(`CREATE INDEX ON clean_resource ("clusterId")`);
  await pool.query("ANALYZE");
}

/** How the clusters, and whatever holds them, look better than they were remembered; empty when they do not. */
export async function improvements(pool: pg.Pool, clusterIds: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ better: string }>(
    `SELECT 'the finding ' || c.what || ' is not open any more' AS better FROM clean_finding c
       WHERE c."clusterId" = ANY($1) AND NOT EXISTS (SELECT 1 FROM "Finding" f WHERE f."id" = c."id" AND f."state" = 'open')
     UNION ALL SELECT coalesce(now.key || ' of ' || c.what || ' became healthy', c.what || ' is gone')
       FROM (SELECT * FROM clean_resource WHERE "clusterId" = ANY($1)) c
       LEFT JOIN (${STATE.resource} WHERE "clusterId" = ANY($1)) r USING ("clusterId", "apiGroup", what)
       LEFT JOIN LATERAL jsonb_each_text(r."outcomes") now ON now.value = 'h' AND c."outcomes" ->> now.key IS DISTINCT FROM 'h'
       WHERE r."clusterId" IS NULL OR (r."outcomes" IS DISTINCT FROM c."outcomes" AND now.key IS NOT NULL)
     UNION ALL SELECT 'the ' || p."scope" || '''s score became ' || p."score" || ', its coverage ' || p."coverage"
       FROM clean_point c JOIN (${STATE.point}) p ON p."scope" = c."scope" AND p."scopeId" IS NOT DISTINCT FROM c."scopeId"
       WHERE p."score" > c."score" + 1e-9 OR p."coverage" > c."coverage" + 1e-9`,
    [clusterIds],
  );
  return rows.map(({ better }) => better);
}

/** Whether a cluster's coverage is told to be less than it was; null when nothing that it has of the kind was ever assessed. */
export async function coverageFell(pool: pg.Pool, clusterId: string, kind: string): Promise<boolean | null> {
  const { rows } = await pool.query<{ fell: boolean }>(
    `SELECT p."coverage" < c."coverage" AS fell FROM clean_point c JOIN (${STATE.point}) p USING ("scope", "scopeId")
     WHERE c."scope" = 'cluster' AND c."scopeId" = $1
       AND EXISTS (SELECT 1 FROM clean_resource r WHERE r."clusterId" = $1 AND r."outcomes" IS NOT NULL AND r.what LIKE $2 || ' %')`,
    [clusterId, kind],
  );
  return rows[0]?.fell ?? null;
}

/** Everything that is not as it was remembered; empty when all is. */
export async function differences(pool: pg.Pool): Promise<string[]> {
  const found: string[] = [];
  for (const [name, query] of Object.entries(STATE)) {
    const { rows } = await pool.query<{ row: string }>(
      `SELECT 'now: ' || n AS row FROM (SELECT n::text AS n FROM (${query}) n EXCEPT SELECT c::text FROM clean_${name} c) now
       UNION ALL SELECT 'was: ' || n FROM (SELECT c::text AS n FROM clean_${name} c EXCEPT SELECT n::text FROM (${query}) n) was LIMIT 20`,
    );
    found.push(...rows.map(({ row }) => `${name} ${row}`));
  }
  return found;
}

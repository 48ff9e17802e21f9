import type pg from "pg";

const KEYS = {
  FindingBySeverity: { clusterId: `"clusterId"`, severity: "severity" },
  FindingByControl: {
    ...{ clusterId: `"clusterId"`, controlId: `"controlId"`, kind: "kind", severity: "severity" },
    ...{ scoreGroup: `"scoreGroup"`, again: "reopened > 0" },
  },
  FindingByNamespace: {
    ...{ clusterId: `"clusterId"`, namespace: "namespace", owner: "coalesce(owner, '')", severity: "severity" },
  },
  AccountFindingByControl: {
    ...{ accountId: `"accountId"`, controlId: `"controlId"`, kind: "kind", severity: "severity" },
    ...{ scoreGroup: `"scoreGroup"`, again: "reopened > 0" },
  },
  AccountFindingByNamespace: {
    ...{ accountId: `"accountId"`, namespace: "namespace", owner: "coalesce(owner, '')", severity: "severity" },
  },
} as const;

/** Every row by which the counts of findings differ from the findings themselves, in one snapshot: none, or the roll-ups are wrong. */
export async function wrongCounts(db: pg.Pool): Promise<{ rollup: string; row: string }[]> {
  const each = Object.entries(KEYS).map(([table, key]) => {
    const [names, values] = [Object.keys(key).map((name) => `"${name}"`), Object.values(key)];
    const kept = `SELECT ${names.join()}, sum(open)::int, sum(unchecked)::int, sum(resolved)::int FROM "${table}" GROUP BY ${names.join()}
      HAVING (sum(open), sum(unchecked), sum(resolved)) <> (0, 0, 0)`;
    const found = `SELECT ${values.join()}, count(*) FILTER (WHERE state = 'open')::int, count("notRechecked") FILTER (WHERE state = 'open')::int,
      count(*) FILTER (WHERE state = 'resolved')::int FROM "Finding" GROUP BY ${values.map((_, at) => at + 1).join()}`;
    return `SELECT '${table}' AS rollup, w::text AS row FROM ((${kept} EXCEPT ${found}) UNION ALL (${found} EXCEPT ${kept})) w`;
  });
  return (await db.query<{ rollup: string; row: string }>(each.join(" UNION ALL "))).rows;
}

/** Clusters whose line of ControlStates is not what their roll-ups and their last scan say: none, or it is wrong. */
export async function wrongStates(db: pg.Pool): Promise<{ clusterId: string }[]> {
  const words = (what: string) =>
    `coalesce((SELECT string_agg(k, ',' ORDER BY k) FROM jsonb_object_keys(coalesce(s.stats->'${what}', '{}')) k), '')`;
  const { rows } = await db.query<{ clusterId: string }>(
    `SELECT c.id AS "clusterId" FROM "Cluster" c LEFT JOIN "ControlStates" t ON t."clusterId" = c.id LEFT JOIN "Scan" s ON s.id = c."lastScanId"
     WHERE (coalesce(t.states, ''), coalesce(t.judged, ''), coalesce(t.unlisted, '')) IS DISTINCT FROM
       (coalesce((SELECT string_agg(r."controlId" || translate(CASE WHEN r.unhealthy > 0 THEN 'u' WHEN r."notEvaluated" > 0 THEN 'e' WHEN r.healthy > 0 THEN 'h' ELSE 'n' END,
            CASE WHEN r."liftHealthy" + r."liftNotApplicable" + r."liftNotEvaluated" > 0 THEN 'uehn' ELSE '' END, 'UEHN'), ',' ORDER BY r."controlId")
          FROM "ControlRollup" r WHERE r."clusterId" = c.id), ''), ${words("controls")}, ${words("unlisted")})`,
  );
  return rows;
}

/**
 * Controls of clusters whose roll-ups say otherwise what exemptions put where than their open findings do: none, or they are wrong. Left out are
 * clusters that are gone and those of `waiting`: of what came to them only their next scan counts anew.
 */
export async function wrongLifts(
  db: pg.Pool,
  waiting: ReadonlySet<string>,
): Promise<{ clusterId: string; controlId: string }[]> {
  const kept = `SELECT "clusterId", "controlId", "liftHealthy", "liftNotApplicable", "liftNotEvaluated" FROM "ControlRollup"
    WHERE ("liftHealthy", "liftNotApplicable", "liftNotEvaluated") <> (0, 0, 0)`;
  const found = `SELECT "clusterId", "controlId", count(*) FILTER (WHERE exemption = 'mitigated' AND "notRechecked" IS NULL)::int, count(*) FILTER (WHERE exemption = 'waiver')::int,
    count(*) FILTER (WHERE exemption = 'mitigated' AND "notRechecked" IS NOT NULL)::int FROM "Finding" WHERE "exemptionId" IS NOT NULL AND state = 'open' GROUP BY 1, 2`;
  const { rows } = await db.query<{ clusterId: string; controlId: string }>(
    `SELECT w.* FROM ((${kept} EXCEPT ${found}) UNION ALL (${found} EXCEPT ${kept})) w JOIN "Cluster" c ON c.id = w."clusterId"
     WHERE c."goneAt" IS NULL AND c.id <> ALL($1::uuid[])`,
    [[...waiting]],
  );
  return rows;
}

/** Sums by account and control that are not what the roll-ups of its clusters add up to, those that are gone left out: none, or they are wrong. */
export async function wrongSums(db: pg.Pool): Promise<{ accountId: string; controlId: string }[]> {
  const amounts = `sum(healthy), sum(unhealthy), sum("notApplicable"), sum("notEvaluated"), sum("liftHealthy"), sum("liftNotApplicable"), sum("liftNotEvaluated")`;
  const kept = `SELECT "accountId", "controlId", sum(clusters), ${amounts} FROM "AccountControlRollup" GROUP BY 1, 2 HAVING (sum(clusters), ${amounts}) <> (0, 0, 0, 0, 0, 0, 0, 0)`;
  const found = `SELECT c."accountId", r."controlId", count(*) FILTER (WHERE r.unhealthy > 0), ${amounts} FROM "ControlRollup" r JOIN "Cluster" c ON c.id = r."clusterId"
    WHERE c."goneAt" IS NULL GROUP BY 1, 2 HAVING (${amounts}) <> (0, 0, 0, 0, 0, 0, 0)`;
  const { rows } = await db.query<{ accountId: string; controlId: string }>(
    `SELECT * FROM ((${kept} EXCEPT ${found}) UNION ALL (${found} EXCEPT ${kept})) w`,
  );
  return rows;
}

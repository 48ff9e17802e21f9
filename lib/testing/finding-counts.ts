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

-- CreateTable
CREATE TABLE "AccountFindingByControl" (
    "accountId" UUID NOT NULL,
    "controlId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "severity" SMALLINT NOT NULL,
    "scoreGroup" TEXT NOT NULL,
    "again" BOOLEAN NOT NULL,
    "part" BIGINT NOT NULL,
    "open" INTEGER NOT NULL,
    "unchecked" INTEGER NOT NULL,
    "resolved" INTEGER NOT NULL,

    CONSTRAINT "AccountFindingByControl_pkey" PRIMARY KEY ("accountId","controlId","kind","severity","scoreGroup","again","part")
);

-- CreateTable
CREATE TABLE "AccountFindingByNamespace" (
    "accountId" UUID NOT NULL,
    "namespace" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "severity" SMALLINT NOT NULL,
    "part" BIGINT NOT NULL,
    "open" INTEGER NOT NULL,
    "unchecked" INTEGER NOT NULL,
    "resolved" INTEGER NOT NULL,

    CONSTRAINT "AccountFindingByNamespace_pkey" PRIMARY KEY ("accountId","namespace","owner","severity","part")
);

-- Not known to Prisma's schema: partial. Parts that wait to be added up: nearly none, nearly always.
CREATE INDEX "AccountFindingByControl_parts" ON "AccountFindingByControl" ("accountId") WHERE "part" <> 0;
CREATE INDEX "AccountFindingByNamespace_parts" ON "AccountFindingByNamespace" ("accountId") WHERE "part" <> 0;

-- As before, and each sum goes to the finding's account, too: as a part of this transaction's own, so that scans of one account never wait for
-- each other here. Parts are added up by whoever writes the account's points next (domain/posture/finding/count/store.ts).
CREATE OR REPLACE FUNCTION count_findings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  moved text := CASE TG_OP
    WHEN 'INSERT' THEN 'SELECT 1 AS d, * FROM fresh'
    WHEN 'DELETE' THEN 'SELECT -1 AS d, * FROM stale'
    ELSE 'SELECT 1 AS d, * FROM fresh UNION ALL SELECT -1, * FROM stale' END;
  sums text := 'sum(CASE WHEN "state" = ''open'' THEN d ELSE 0 END) AS open,
    sum(CASE WHEN "state" = ''open'' AND "notRechecked" IS NOT NULL THEN d ELSE 0 END) AS unchecked,
    sum(CASE WHEN "state" = ''resolved'' THEN d ELSE 0 END) AS resolved';
  add text := '"open" = r."open" + excluded."open", "unchecked" = r."unchecked" + excluded."unchecked", "resolved" = r."resolved" + excluded."resolved"';
  one text[];
BEGIN
  FOREACH one SLICE 1 IN ARRAY ARRAY[
    ['BySeverity', '"severity"', '"severity"'],
    ['ByControl', '"controlId", "kind", "severity", "scoreGroup", "again"', '"controlId", "kind", "severity", "scoreGroup", "reopened" > 0 AS "again"'],
    ['ByNamespace', '"namespace", "owner", "severity"', '"namespace", coalesce("owner", '''') AS "owner", "severity"']
  ] LOOP
    EXECUTE format(
      'WITH n AS MATERIALIZED (SELECT "accountId", "clusterId", %2$s, %4$s FROM (SELECT d, "accountId", "clusterId", "state", "notRechecked", %3$s FROM (%5$s) m) k
         GROUP BY "accountId", "clusterId", %2$s)'
      || CASE one[1] WHEN 'BySeverity' THEN '' ELSE ', a AS (INSERT INTO %6$I AS r ("accountId", %2$s, "part", "open", "unchecked", "resolved")
         SELECT "accountId", %2$s, pg_current_xact_id()::text::bigint, sum(open), sum(unchecked), sum(resolved) FROM n GROUP BY "accountId", %2$s
         HAVING (sum(open), sum(unchecked), sum(resolved)) <> (0, 0, 0) ON CONFLICT ("accountId", %2$s, "part") DO UPDATE SET %7$s)' END
      || ' INSERT INTO %1$I AS r ("clusterId", %2$s, "open", "unchecked", "resolved")
       SELECT "clusterId", %2$s, sum(open), sum(unchecked), sum(resolved) FROM n GROUP BY "clusterId", %2$s
       HAVING (sum(open), sum(unchecked), sum(resolved)) <> (0, 0, 0) ORDER BY "clusterId", %2$s
       ON CONFLICT ("clusterId", %2$s) DO UPDATE SET %7$s',
      'Finding' || one[1], one[2], one[3], sums, moved, 'AccountFinding' || one[1], add);
    IF TG_OP <> 'INSERT' THEN
      EXECUTE format('DELETE FROM %I WHERE "clusterId" IN (SELECT "clusterId" FROM stale) AND "open" = 0 AND "resolved" = 0', 'Finding' || one[1]);
    END IF;
  END LOOP;
  RETURN NULL;
END
$$;

-- What is there already.
INSERT INTO "AccountFindingByControl" SELECT "accountId", "controlId", "kind", "severity", "scoreGroup", "reopened" > 0, 0, count(*) FILTER (WHERE "state" = 'open'),
  count("notRechecked") FILTER (WHERE "state" = 'open'), count(*) FILTER (WHERE "state" = 'resolved') FROM "Finding" GROUP BY 1, 2, 3, 4, 5, 6;
INSERT INTO "AccountFindingByNamespace" SELECT "accountId", "namespace", coalesce("owner", ''), "severity", 0, count(*) FILTER (WHERE "state" = 'open'),
  count("notRechecked") FILTER (WHERE "state" = 'open'), count(*) FILTER (WHERE "state" = 'resolved') FROM "Finding" GROUP BY 1, 2, 3, 4;

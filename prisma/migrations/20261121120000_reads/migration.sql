-- DropIndex
DROP INDEX "Finding_clusterId_state_idx";

-- DropIndex
DROP INDEX "Finding_controlId_state_idx";

-- DropIndex
DROP INDEX "Finding_clusterId_controlId_apiGroup_kind_namespace_name_key";

-- AlterTable
ALTER TABLE "Finding" ADD COLUMN     "owner" TEXT;

-- AlterTable
ALTER TABLE "Resource" ADD COLUMN     "id" UUID NOT NULL DEFAULT gen_random_uuid();

-- AlterTable
ALTER TABLE "RunningImage" ADD COLUMN     "id" UUID NOT NULL DEFAULT gen_random_uuid();

-- CreateTable
CREATE TABLE "FindingBySeverity" (
    "clusterId" UUID NOT NULL,
    "severity" SMALLINT NOT NULL,
    "open" INTEGER NOT NULL,
    "unchecked" INTEGER NOT NULL,
    "resolved" INTEGER NOT NULL,

    CONSTRAINT "FindingBySeverity_pkey" PRIMARY KEY ("clusterId","severity")
);

-- CreateTable
CREATE TABLE "FindingByControl" (
    "clusterId" UUID NOT NULL,
    "controlId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "severity" SMALLINT NOT NULL,
    "scoreGroup" TEXT NOT NULL,
    "again" BOOLEAN NOT NULL,
    "open" INTEGER NOT NULL,
    "unchecked" INTEGER NOT NULL,
    "resolved" INTEGER NOT NULL,

    CONSTRAINT "FindingByControl_pkey" PRIMARY KEY ("clusterId","controlId","kind","severity","scoreGroup","again")
);

-- CreateTable
CREATE TABLE "FindingByNamespace" (
    "clusterId" UUID NOT NULL,
    "namespace" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "severity" SMALLINT NOT NULL,
    "open" INTEGER NOT NULL,
    "unchecked" INTEGER NOT NULL,
    "resolved" INTEGER NOT NULL,

    CONSTRAINT "FindingByNamespace_pkey" PRIMARY KEY ("clusterId","namespace","owner","severity")
);

-- CreateTable
CREATE TABLE "SoleFailure" (
    "clusterId" UUID NOT NULL,
    "controlId" TEXT NOT NULL,
    "resources" INTEGER NOT NULL,

    CONSTRAINT "SoleFailure_pkey" PRIMARY KEY ("clusterId","controlId")
);

-- CreateTable
CREATE TABLE "ItemByKind" (
    "clusterId" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "amount" INTEGER NOT NULL,

    CONSTRAINT "ItemByKind_pkey" PRIMARY KEY ("clusterId","type","kind")
);

-- CreateTable
CREATE TABLE "ItemByNamespace" (
    "clusterId" UUID NOT NULL,
    "namespace" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "amount" INTEGER NOT NULL,

    CONSTRAINT "ItemByNamespace_pkey" PRIMARY KEY ("clusterId","namespace","type","kind")
);

-- CreateIndex
CREATE UNIQUE INDEX "Finding_clusterId_namespace_kind_name_apiGroup_controlId_key" ON "Finding"("clusterId", "namespace", "kind", "name", "apiGroup", "controlId");

-- CreateIndex
CREATE INDEX "Finding_severity_id_idx" ON "Finding"("severity", "id");

-- CreateIndex
CREATE INDEX "Finding_firstSeenAt_id_idx" ON "Finding"("firstSeenAt", "id");

-- CreateIndex
CREATE INDEX "Finding_lastSeenAt_id_idx" ON "Finding"("lastSeenAt", "id");

-- CreateIndex
CREATE INDEX "Finding_name_id_idx" ON "Finding"("name", "id");

-- CreateIndex
CREATE INDEX "Finding_namespace_id_idx" ON "Finding"("namespace", "id");

-- CreateIndex
CREATE INDEX "Finding_controlId_id_idx" ON "Finding"("controlId", "id");

-- CreateIndex
CREATE INDEX "Finding_accountId_severity_id_idx" ON "Finding"("accountId", "severity", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Resource_id_key" ON "Resource"("id");

-- CreateIndex
CREATE UNIQUE INDEX "RunningImage_id_key" ON "RunningImage"("id");

-- CreateIndex
CREATE INDEX "RunningImage_image_id_idx" ON "RunningImage"("image", "id");

-- CreateIndex
CREATE INDEX "RunningImage_namespace_id_idx" ON "RunningImage"("namespace", "id");

-- CreateIndex
CREATE INDEX "Scan_queuedAt_id_idx" ON "Scan"("queuedAt", "id");

-- CreateIndex
CREATE INDEX "SoleFailure_controlId_idx" ON "SoleFailure"("controlId");

-- From here on what Prisma's schema language has no word for.

-- Indexes on all states took the place of these.
DROP INDEX "Finding_open_severity";
DROP INDEX "Finding_open_control";
DROP INDEX "Finding_open_namespace";

-- What the inventory lists of Resource: topmost owners that carry a pod specification, and pods. Queries repeat the condition.
CREATE INDEX "Resource_item_name" ON "Resource" ("name", "id")
  WHERE "kind" = 'Pod' OR ("kind" IN ('Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob') AND "ownerKind" = "kind" AND "ownerName" = "name");
CREATE INDEX "Resource_item_namespace" ON "Resource" ("namespace", "id")
  WHERE "kind" = 'Pod' OR ("kind" IN ('Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob') AND "ownerKind" = "kind" AND "ownerName" = "name");
CREATE INDEX "Resource_item_kind" ON "Resource" ("kind", "id")
  WHERE "kind" = 'Pod' OR ("kind" IN ('Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob') AND "ownerKind" = "kind" AND "ownerName" = "name");
CREATE INDEX "Resource_item_owner" ON "Resource" ("clusterId", "namespace", "ownerKind", "ownerName");

-- Free-text search. A server without pg_trgm, or a role that may not create it, gets no index; searches then match beginnings of names.
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX "Finding_search" ON "Finding" USING gin (lower("name" || ' ' || "namespace" || ' ' || "message") gin_trgm_ops);
  CREATE INDEX "Resource_search" ON "Resource" USING gin (lower("name") gin_trgm_ops)
    WHERE "kind" = 'Pod' OR ("kind" IN ('Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob') AND "ownerKind" = "kind" AND "ownerName" = "name");
  CREATE INDEX "RunningImage_search" ON "RunningImage" USING gin (lower("image" || ' ' || "digest") gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
  RAISE NOTICE 'pg_trgm is not available: %', SQLERRM;
END
$$;

-- Counts under the usual filters, kept by the statement that changes what they count, so that they are exact in every snapshot whoever
-- writes. A row per cluster: scans of different clusters never wait for each other here.
CREATE FUNCTION count_findings() RETURNS trigger LANGUAGE plpgsql AS $$
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
    ['FindingBySeverity', '"clusterId", "severity"', '"clusterId", "severity"'],
    ['FindingByControl', '"clusterId", "controlId", "kind", "severity", "scoreGroup", "again"',
      '"clusterId", "controlId", "kind", "severity", "scoreGroup", "reopened" > 0'],
    ['FindingByNamespace', '"clusterId", "namespace", "owner", "severity"', '"clusterId", "namespace", coalesce("owner", ''''), "severity"']
  ] LOOP
    EXECUTE format(
      'INSERT INTO %I AS r (%s, "open", "unchecked", "resolved")
       SELECT * FROM (SELECT %s, %s FROM (%s) m GROUP BY %s) n WHERE (open, unchecked, resolved) <> (0, 0, 0) ORDER BY %s
       ON CONFLICT (%s) DO UPDATE SET %s',
      one[1], one[2], one[3], sums, moved, one[3], (SELECT string_agg(i::text, ', ') FROM generate_series(1, cardinality(string_to_array(one[2], ', '))) i), one[2], add);
    IF TG_OP <> 'INSERT' THEN
      EXECUTE format('DELETE FROM %I WHERE "clusterId" IN (SELECT "clusterId" FROM stale) AND "open" = 0 AND "resolved" = 0', one[1]);
    END IF;
  END LOOP;
  RETURN NULL;
END
$$;
CREATE TRIGGER "Finding_counted_insert" AFTER INSERT ON "Finding" REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION count_findings();
CREATE TRIGGER "Finding_counted_update" AFTER UPDATE ON "Finding" REFERENCING NEW TABLE AS fresh OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION count_findings();
CREATE TRIGGER "Finding_counted_delete" AFTER DELETE ON "Finding" REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION count_findings();

CREATE FUNCTION count_items() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  image boolean := TG_TABLE_NAME = 'RunningImage';
  pick text := CASE WHEN image THEN '"clusterId", "namespace", ''image'' AS type, ''Image'' AS kind' ELSE
    '"clusterId", "namespace", CASE WHEN "kind" = ''Pod'' THEN ''pod'' ELSE ''workload'' END AS type, "kind"' END;
  counted text := CASE WHEN image THEN 'true' ELSE '"kind" = ''Pod'' OR ("kind" IN (''Deployment'', ''DaemonSet'', ''StatefulSet'', ''ReplicaSet'', ''ReplicationController'', ''Job'', ''CronJob'') AND "ownerKind" = "kind" AND "ownerName" = "name")' END;
  came text := format('SELECT 1 AS d, %s FROM fresh WHERE %s', pick, counted);
  went text := format('SELECT -1 AS d, %s FROM stale WHERE %s', pick, counted);
  moved text := CASE TG_OP WHEN 'INSERT' THEN came WHEN 'DELETE' THEN went ELSE came || ' UNION ALL ' || went END;
BEGIN
  EXECUTE format('INSERT INTO "ItemByNamespace" AS r ("clusterId", "namespace", "type", "kind", "amount")
    SELECT "clusterId", "namespace", type, kind, sum(d) FROM (%s) m GROUP BY 1, 2, 3, 4 HAVING sum(d) <> 0 ORDER BY 1, 2, 3, 4
    ON CONFLICT ("clusterId", "namespace", "type", "kind") DO UPDATE SET "amount" = r."amount" + excluded."amount"', moved);
  EXECUTE format('INSERT INTO "ItemByKind" AS r ("clusterId", "type", "kind", "amount")
    SELECT "clusterId", type, kind, sum(d) FROM (%s) m GROUP BY 1, 2, 3 HAVING sum(d) <> 0 ORDER BY 1, 2, 3
    ON CONFLICT ("clusterId", "type", "kind") DO UPDATE SET "amount" = r."amount" + excluded."amount"', moved);
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM "ItemByNamespace" WHERE "clusterId" IN (SELECT "clusterId" FROM stale) AND "amount" = 0;
    DELETE FROM "ItemByKind" WHERE "clusterId" IN (SELECT "clusterId" FROM stale) AND "amount" = 0;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER "Resource_counted_insert" AFTER INSERT ON "Resource" REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION count_items();
CREATE TRIGGER "Resource_counted_update" AFTER UPDATE ON "Resource" REFERENCING NEW TABLE AS fresh OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION count_items();
CREATE TRIGGER "Resource_counted_delete" AFTER DELETE ON "Resource" REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION count_items();
CREATE TRIGGER "RunningImage_counted_insert" AFTER INSERT ON "RunningImage" REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION count_items();
CREATE TRIGGER "RunningImage_counted_delete" AFTER DELETE ON "RunningImage" REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION count_items();

-- What is there already.
INSERT INTO "FindingBySeverity" SELECT "clusterId", "severity", count(*) FILTER (WHERE "state" = 'open'),
  count("notRechecked") FILTER (WHERE "state" = 'open'), count(*) FILTER (WHERE "state" = 'resolved') FROM "Finding" GROUP BY 1, 2;
INSERT INTO "FindingByControl" SELECT "clusterId", "controlId", "kind", "severity", "scoreGroup", "reopened" > 0, count(*) FILTER (WHERE "state" = 'open'),
  count("notRechecked") FILTER (WHERE "state" = 'open'), count(*) FILTER (WHERE "state" = 'resolved') FROM "Finding" GROUP BY 1, 2, 3, 4, 5, 6;
INSERT INTO "FindingByNamespace" SELECT "clusterId", "namespace", '', "severity", count(*) FILTER (WHERE "state" = 'open'),
  count("notRechecked") FILTER (WHERE "state" = 'open'), count(*) FILTER (WHERE "state" = 'resolved') FROM "Finding" GROUP BY 1, 2, 3, 4;
INSERT INTO "SoleFailure" SELECT "clusterId", "controlId", count(*) FROM (SELECT "clusterId", min("controlId") AS "controlId" FROM "Finding"
  WHERE "state" = 'open' GROUP BY "clusterId", "scoreGroup", "apiGroup", "kind", "namespace", "name" HAVING count(*) = 1) one GROUP BY 1, 2;
INSERT INTO "ItemByNamespace" SELECT "clusterId", "namespace", CASE WHEN "kind" = 'Pod' THEN 'pod' ELSE 'workload' END, "kind", count(*) FROM "Resource"
  WHERE "kind" = 'Pod' OR ("kind" IN ('Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob') AND "ownerKind" = "kind" AND "ownerName" = "name")
  GROUP BY 1, 2, 3, 4;
INSERT INTO "ItemByNamespace" SELECT "clusterId", "namespace", 'image', 'Image', count(*) FROM "RunningImage" GROUP BY 1, 2;
INSERT INTO "ItemByKind" SELECT "clusterId", "type", "kind", sum("amount") FROM "ItemByNamespace" GROUP BY 1, 2, 3;

-- CreateTable
CREATE TABLE "AccountControlRollup" (
    "accountId" UUID NOT NULL,
    "controlId" TEXT NOT NULL,
    "part" BIGINT NOT NULL,
    "clusters" INTEGER NOT NULL,
    "healthy" INTEGER NOT NULL,
    "unhealthy" INTEGER NOT NULL,
    "notApplicable" INTEGER NOT NULL,
    "notEvaluated" INTEGER NOT NULL,
    "liftHealthy" INTEGER NOT NULL,
    "liftNotApplicable" INTEGER NOT NULL,
    "liftNotEvaluated" INTEGER NOT NULL,

    CONSTRAINT "AccountControlRollup_pkey" PRIMARY KEY ("accountId","controlId","part")
);

-- Not known to Prisma's schema: partial. Parts that wait to be added up: nearly none, nearly always.
CREATE INDEX "AccountControlRollup_parts" ON "AccountControlRollup" ("accountId") WHERE "part" <> 0;

-- Not known to Prisma's schema: triggers. What a statement changed in roll-ups of clusters that are not gone, and all of a cluster that goes or comes
-- back, goes to its account as a part of this transaction's own, as with counts of findings. Whoever writes roll-ups, or that a cluster is gone, has
-- locked the cluster: each sees what the other wrote.
CREATE FUNCTION sum_controls() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  cluster uuid;
  moved text;
BEGIN
  IF TG_TABLE_NAME = 'Cluster' THEN
    cluster := OLD."id";
    moved := format('SELECT %s AS d, * FROM "ControlRollup" WHERE "clusterId" = $1', TG_ARGV[0]);
  ELSE
    moved := CASE TG_OP
      WHEN 'INSERT' THEN 'SELECT 1 AS d, * FROM fresh'
      WHEN 'DELETE' THEN 'SELECT -1 AS d, * FROM stale'
      ELSE 'SELECT 1 AS d, * FROM fresh UNION ALL SELECT -1, * FROM stale' END;
  END IF;
  EXECUTE format(
    'INSERT INTO "AccountControlRollup" AS r ("accountId", "controlId", "part", "clusters", "healthy", "unhealthy", "notApplicable", "notEvaluated",
       "liftHealthy", "liftNotApplicable", "liftNotEvaluated")
     SELECT c."accountId", m."controlId", pg_current_xact_id()::text::bigint, sum(d * ("unhealthy" > 0)::int), sum(d * "healthy"), sum(d * "unhealthy"),
       sum(d * "notApplicable"), sum(d * "notEvaluated"), sum(d * "liftHealthy"), sum(d * "liftNotApplicable"), sum(d * "liftNotEvaluated")
     FROM (%s) m JOIN "Cluster" c ON c."id" = m."clusterId" WHERE c."id" = $1 OR c."goneAt" IS NULL GROUP BY 1, 2
     ON CONFLICT ("accountId", "controlId", "part") DO UPDATE SET "clusters" = r."clusters" + excluded."clusters", "healthy" = r."healthy" + excluded."healthy",
       "unhealthy" = r."unhealthy" + excluded."unhealthy", "notApplicable" = r."notApplicable" + excluded."notApplicable",
       "notEvaluated" = r."notEvaluated" + excluded."notEvaluated", "liftHealthy" = r."liftHealthy" + excluded."liftHealthy",
       "liftNotApplicable" = r."liftNotApplicable" + excluded."liftNotApplicable", "liftNotEvaluated" = r."liftNotEvaluated" + excluded."liftNotEvaluated"', moved)
  USING cluster;
  RETURN OLD; -- of a statement there is none
END
$$;
CREATE TRIGGER "ControlRollup_summed_insert" AFTER INSERT ON "ControlRollup" REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION sum_controls();
CREATE TRIGGER "ControlRollup_summed_update" AFTER UPDATE ON "ControlRollup" REFERENCING NEW TABLE AS fresh OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION sum_controls();
CREATE TRIGGER "ControlRollup_summed_delete" AFTER DELETE ON "ControlRollup" REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION sum_controls();
CREATE TRIGGER "Cluster_summed_gone" AFTER UPDATE OF "goneAt" ON "Cluster" FOR EACH ROW WHEN (OLD."goneAt" IS NULL AND NEW."goneAt" IS NOT NULL) EXECUTE FUNCTION sum_controls('-1');
CREATE TRIGGER "Cluster_summed_back" AFTER UPDATE OF "goneAt" ON "Cluster" FOR EACH ROW WHEN (OLD."goneAt" IS NOT NULL AND NEW."goneAt" IS NULL) EXECUTE FUNCTION sum_controls('1');
-- Before its roll-ups go with it, which then belong to no account any more.
CREATE TRIGGER "Cluster_summed_delete" BEFORE DELETE ON "Cluster" FOR EACH ROW WHEN (OLD."goneAt" IS NULL) EXECUTE FUNCTION sum_controls('-1');

-- What is there already.
INSERT INTO "AccountControlRollup" SELECT c."accountId", r."controlId", 0, count(*) FILTER (WHERE r."unhealthy" > 0), sum(r."healthy"), sum(r."unhealthy"),
  sum(r."notApplicable"), sum(r."notEvaluated"), sum(r."liftHealthy"), sum(r."liftNotApplicable"), sum(r."liftNotEvaluated")
  FROM "ControlRollup" r JOIN "Cluster" c ON c."id" = r."clusterId" WHERE c."goneAt" IS NULL GROUP BY 1, 2;

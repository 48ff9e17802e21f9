-- CreateTable
CREATE TABLE "ControlStates" (
    "clusterId" UUID NOT NULL,
    "states" TEXT NOT NULL DEFAULT '',
    "judged" TEXT NOT NULL DEFAULT '',
    "unlisted" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "ControlStates_pkey" PRIMARY KEY ("clusterId")
);

-- AddForeignKey
ALTER TABLE "ControlStates" ADD CONSTRAINT "ControlStates_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Not known to Prisma's schema: triggers. The roll-ups of a cluster in one line, rewritten by the statement that changes them, whoever writes.
CREATE FUNCTION state_controls() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  touched uuid[];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    touched := ARRAY(SELECT "clusterId" FROM moved UNION SELECT "clusterId" FROM stale);
  ELSE
    touched := ARRAY(SELECT DISTINCT "clusterId" FROM moved);
  END IF;
  INSERT INTO "ControlStates" AS r ("clusterId", "states")
  SELECT x."clusterId", coalesce((SELECT string_agg("controlId" || CASE WHEN "unhealthy" > 0 THEN 'u' WHEN "notEvaluated" > 0 THEN 'e' WHEN "healthy" > 0 THEN 'h' ELSE 'n' END, ',' ORDER BY "controlId")
    FROM "ControlRollup" WHERE "clusterId" = x."clusterId"), '')
  FROM unnest(touched) x("clusterId") JOIN "Cluster" c ON c."id" = x."clusterId" ORDER BY 1
  ON CONFLICT ("clusterId") DO UPDATE SET "states" = excluded."states" WHERE r."states" <> excluded."states";
  RETURN NULL;
END
$$;
CREATE TRIGGER "ControlRollup_stated_insert" AFTER INSERT ON "ControlRollup" REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION state_controls();
CREATE TRIGGER "ControlRollup_stated_update" AFTER UPDATE ON "ControlRollup" REFERENCING NEW TABLE AS moved OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION state_controls();
CREATE TRIGGER "ControlRollup_stated_delete" AFTER DELETE ON "ControlRollup" REFERENCING OLD TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION state_controls();

-- What the last scan of a cluster says of itself as a whole. A scan is written before its cluster points to it.
CREATE FUNCTION words_of(given jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(string_agg(k, ',' ORDER BY k), '') FROM jsonb_object_keys(CASE jsonb_typeof(given) WHEN 'object' THEN given ELSE '{}' END) k
$$;
CREATE FUNCTION state_scan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "ControlStates" AS r ("clusterId", "judged", "unlisted")
  SELECT NEW."id", words_of(s."stats" -> 'controls'), words_of(s."stats" -> 'unlisted')
  FROM (SELECT 1) one LEFT JOIN "Scan" s ON s."id" = NEW."lastScanId"
  ON CONFLICT ("clusterId") DO UPDATE SET "judged" = excluded."judged", "unlisted" = excluded."unlisted"
  WHERE (r."judged", r."unlisted") <> (excluded."judged", excluded."unlisted");
  RETURN NULL;
END
$$;
CREATE TRIGGER "Cluster_stated" AFTER UPDATE OF "lastScanId" ON "Cluster" FOR EACH ROW WHEN (NEW."lastScanId" IS DISTINCT FROM OLD."lastScanId") EXECUTE FUNCTION state_scan();

-- What is there already.
INSERT INTO "ControlStates" SELECT c."id", coalesce((SELECT string_agg(r."controlId" || CASE WHEN r."unhealthy" > 0 THEN 'u' WHEN r."notEvaluated" > 0 THEN 'e' WHEN r."healthy" > 0 THEN 'h' ELSE 'n' END, ',' ORDER BY r."controlId")
    FROM "ControlRollup" r WHERE r."clusterId" = c."id"), ''), words_of(s."stats" -> 'controls'), words_of(s."stats" -> 'unlisted')
  FROM "Cluster" c LEFT JOIN "Scan" s ON s."id" = c."lastScanId";

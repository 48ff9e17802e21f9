-- What exemptions put into a roll-up's amounts is kept beside them: it was counted finding by finding whenever somebody asked.
-- AlterTable
ALTER TABLE "ControlRollup" ADD COLUMN     "liftHealthy" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "liftNotApplicable" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "liftNotEvaluated" INTEGER NOT NULL DEFAULT 0;

-- A capital where an exemption holds for something; else as before.
CREATE OR REPLACE FUNCTION state_controls() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  touched uuid[];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    touched := ARRAY(SELECT "clusterId" FROM moved UNION SELECT "clusterId" FROM stale);
  ELSE
    touched := ARRAY(SELECT DISTINCT "clusterId" FROM moved);
  END IF;
  INSERT INTO "ControlStates" ("clusterId") SELECT "id" FROM "Cluster" WHERE "id" = ANY(touched) ORDER BY 1 ON CONFLICT DO NOTHING;
  PERFORM FROM "ControlStates" WHERE "clusterId" = ANY(touched) ORDER BY "clusterId" FOR UPDATE;
  UPDATE "ControlStates" r SET "states" = n."states"
  FROM (SELECT x."clusterId", coalesce((SELECT string_agg("controlId" || CASE WHEN "liftHealthy" > 0 OR "liftNotApplicable" > 0 OR "liftNotEvaluated" > 0
        THEN CASE WHEN "unhealthy" > 0 THEN 'U' WHEN "notEvaluated" > 0 THEN 'E' WHEN "healthy" > 0 THEN 'H' ELSE 'N' END
        ELSE CASE WHEN "unhealthy" > 0 THEN 'u' WHEN "notEvaluated" > 0 THEN 'e' WHEN "healthy" > 0 THEN 'h' ELSE 'n' END END, ',' ORDER BY "controlId")
    FROM "ControlRollup" WHERE "clusterId" = x."clusterId"), '') AS "states" FROM unnest(touched) x("clusterId")) n
  WHERE r."clusterId" = n."clusterId" AND r."states" <> n."states";
  RETURN NULL;
END
$$;

-- What is there already, never more than the amount that it is a part of. The trigger writes the lines anew.
UPDATE "ControlRollup" r SET "liftHealthy" = least(r."healthy", f.healthy), "liftNotApplicable" = least(r."notApplicable", f.waived), "liftNotEvaluated" = least(r."notEvaluated", f.unchecked)
FROM (SELECT "clusterId", "controlId", count(*) FILTER (WHERE "exemption" = 'mitigated' AND "notRechecked" IS NULL) AS healthy,
        count(*) FILTER (WHERE "exemption" = 'mitigated' AND "notRechecked" IS NOT NULL) AS unchecked, count(*) FILTER (WHERE "exemption" = 'waiver') AS waived
      FROM "Finding" WHERE "exemptionId" IS NOT NULL AND "state" = 'open' GROUP BY 1, 2) f
WHERE f."clusterId" = r."clusterId" AND f."controlId" = r."controlId";

-- Nobody sums exempted findings any more.
DROP INDEX "Finding_exempted_control";

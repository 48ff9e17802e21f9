-- Of two transactions that write a cluster's roll-ups at once, the later one waits before it reads them: what it read first lacked the other's.
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
  FROM (SELECT x."clusterId", coalesce((SELECT string_agg("controlId" || CASE WHEN "unhealthy" > 0 THEN 'u' WHEN "notEvaluated" > 0 THEN 'e' WHEN "healthy" > 0 THEN 'h' ELSE 'n' END, ',' ORDER BY "controlId")
    FROM "ControlRollup" WHERE "clusterId" = x."clusterId"), '') AS "states" FROM unnest(touched) x("clusterId")) n
  WHERE r."clusterId" = n."clusterId" AND r."states" <> n."states";
  RETURN NULL;
END
$$;

-- What may have been read too early.
UPDATE "ControlStates" s SET "states" = n."states"
FROM (SELECT c."clusterId", coalesce((SELECT string_agg("controlId" || CASE WHEN "unhealthy" > 0 THEN 'u' WHEN "notEvaluated" > 0 THEN 'e' WHEN "healthy" > 0 THEN 'h' ELSE 'n' END, ',' ORDER BY "controlId")
  FROM "ControlRollup" WHERE "clusterId" = c."clusterId"), '') AS "states" FROM "ControlStates" c) n
WHERE s."clusterId" = n."clusterId" AND s."states" <> n."states";

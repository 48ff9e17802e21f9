-- What coverage was at the point before, so that a point that lost sight of something is found without looking for its neighbour.
ALTER TABLE "ScorePoint" ADD COLUMN "coverageBefore" DOUBLE PRECISION;
UPDATE "ScorePoint" p SET "coverageBefore" = o.before
FROM (SELECT "id", lag("coverage") OVER (PARTITION BY "scope", "scopeId" ORDER BY "at", "id") AS before FROM "ScorePoint") o
WHERE o."id" = p."id" AND o.before IS NOT NULL;

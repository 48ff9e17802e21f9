-- What exemptions add to a point's groups, its score as if there were none, and that score's change; null for points from before this.
ALTER TABLE "ScorePoint" ADD COLUMN "lift" JSONB, ADD COLUMN "scoreWithoutExemptions" DOUBLE PRECISION, ADD COLUMN "changeWithoutExemptions" DOUBLE PRECISION;
-- Until when points did not keep it: it holds these points only, which become fewer, so that none to come pays for it.
CREATE INDEX "ScorePoint_without_lift" ON "ScorePoint" ("at") WHERE "lift" IS NULL;

-- A cluster's score now, from its roll-ups, which have kept what exemptions add since there are exemptions; the next scan writes it by itself.
ALTER TABLE "Cluster" ADD COLUMN "scoreWithoutExemptions" DOUBLE PRECISION;
UPDATE "Cluster" c SET "scoreWithoutExemptions" = round(bare.score * 1048576) / 1048576
FROM (SELECT "clusterId", sum(max * healthy / assessed) / sum(max) * 100 AS score
      FROM (SELECT g."clusterId", p.max, (g."healthy" - g."liftHealthy")::float8 AS healthy,
              g."healthy" - g."liftHealthy" + g."unhealthy" - g."liftUnhealthy" AS assessed
            FROM "GroupRollup" g JOIN (VALUES ('vulnerabilities', 6::float8), ('security-configurations', 4), ('access-and-permissions', 4),
              ('encryption-at-rest', 4), ('data-in-transit', 4), ('network-access', 4), ('denial-of-service', 2), ('auditing-and-logging', 1)) p(id, max)
              ON p.id = g."scoreGroup") s
      WHERE assessed > 0 GROUP BY 1) bare
WHERE bare."clusterId" = c."id";

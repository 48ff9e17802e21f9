-- AlterTable
ALTER TABLE "FindingTransition" ADD COLUMN     "accountId" UUID,
ADD COLUMN     "severity" SMALLINT;

UPDATE "FindingTransition" t SET "severity" = f."severity", "accountId" = f."accountId" FROM "Finding" f WHERE f."id" = t."findingId";

-- CreateIndex
CREATE INDEX "Cluster_name_id_idx" ON "Cluster"("name", "id");

-- What a recommendation leads to: the open findings of one control, most severe first.
CREATE INDEX "Finding_open_control" ON "Finding" ("controlId", "severity" DESC, "id" DESC) WHERE "state" = 'open';

-- Which controls have open findings is found by a step per control instead of a row per cluster.
CREATE INDEX "FindingByControl_open" ON "FindingByControl" ("controlId", "clusterId") WHERE "open" > 0;

-- Counts of a large fleet add up hundreds of thousands of small rows; small fleets are below the cost of starting a second process.
ALTER TABLE "FindingByControl" SET (parallel_workers = 2);
ALTER TABLE "FindingByNamespace" SET (parallel_workers = 2);

-- Until a cluster's next scan all that fails in it counts as people's own.
ALTER TABLE "SoleFailure" ADD COLUMN "own" INTEGER;
UPDATE "SoleFailure" SET "own" = "resources";
ALTER TABLE "SoleFailure" ALTER COLUMN "own" SET NOT NULL;

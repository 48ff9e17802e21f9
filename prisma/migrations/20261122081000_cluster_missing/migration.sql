-- Why assessments could not be made is known where they are counted: whoever looked later guessed it from what else was missing.
ALTER TABLE "Cluster" ADD COLUMN "missing" JSONB NOT NULL DEFAULT '{}';

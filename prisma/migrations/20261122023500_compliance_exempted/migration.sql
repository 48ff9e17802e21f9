-- Requirements that are met with exemptions only, beside those that are met. Days before this migration counted them as passed.
ALTER TABLE "CompliancePoint" ADD COLUMN "exempted" INTEGER NOT NULL DEFAULT 0;

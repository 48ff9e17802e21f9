-- A point that no scan wrote was moved by a person: which exemption did.
ALTER TABLE "ScorePoint" ADD COLUMN "exemptionId" UUID;

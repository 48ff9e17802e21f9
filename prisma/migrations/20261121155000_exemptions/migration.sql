-- AlterTable
ALTER TABLE "Cluster" ADD COLUMN     "exemptions" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "Finding" ADD COLUMN     "exemption" TEXT,
ADD COLUMN     "exemptionId" UUID;

-- AlterTable
ALTER TABLE "GroupRollup" ADD COLUMN     "liftHealthy" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "liftOut" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "liftUnhealthy" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "Exemption" (
    "id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "targets" JSONB NOT NULL,
    "everywhere" BOOLEAN NOT NULL,
    "accountIds" UUID[],
    "reason" TEXT NOT NULL,
    "evidence" TEXT NOT NULL DEFAULT '',
    "expiresAt" TIMESTAMPTZ,
    "requestedBy" TEXT NOT NULL,
    "requestedById" UUID,
    "requestedAt" TIMESTAMPTZ NOT NULL,
    "decidedBy" TEXT,
    "decidedAt" TIMESTAMPTZ,
    "note" TEXT,
    "endedAt" TIMESTAMPTZ,
    "endedBy" TEXT,
    "remindedDays" INTEGER,

    CONSTRAINT "Exemption_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ExemptionRule" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "approval" BOOLEAN NOT NULL,
    "longestDays" INTEGER,

    CONSTRAINT "ExemptionRule_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Exemption_state_expiresAt_idx" ON "Exemption"("state", "expiresAt");

-- CreateIndex
-- The findings that an exemption acts on: few of many.
CREATE INDEX "Finding_exempted" ON "Finding" ("exemptionId", "clusterId") WHERE "exemptionId" IS NOT NULL;

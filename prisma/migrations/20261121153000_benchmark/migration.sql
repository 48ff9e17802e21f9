-- CreateTable
CREATE TABLE "Attestation" (
    "id" UUID NOT NULL,
    "benchmarkId" TEXT NOT NULL,
    "requirementId" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "scopeId" UUID,
    "accountId" UUID,
    "state" TEXT NOT NULL,
    "evidence" TEXT NOT NULL,
    "link" TEXT,
    "byId" TEXT,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "until" TIMESTAMPTZ NOT NULL,
    "endedAt" TIMESTAMPTZ,
    "endedBy" TEXT,

    CONSTRAINT "Attestation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CompliancePoint" (
    "scope" TEXT NOT NULL,
    "scopeId" TEXT NOT NULL,
    "benchmarkId" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "clusters" INTEGER NOT NULL,
    "passed" INTEGER NOT NULL,
    "failed" INTEGER NOT NULL,
    "notEvaluated" INTEGER NOT NULL,
    "manual" INTEGER NOT NULL,
    "notApplicable" INTEGER NOT NULL,
    "attested" INTEGER NOT NULL,

    CONSTRAINT "CompliancePoint_pkey" PRIMARY KEY ("scope","scopeId","benchmarkId","day")
);

-- CreateIndex
CREATE INDEX "Attestation_benchmarkId_requirementId_at_idx" ON "Attestation"("benchmarkId", "requirementId", "at");

-- CreateIndex
CREATE INDEX "Attestation_endedAt_until_idx" ON "Attestation"("endedAt", "until");

-- CreateIndex
CREATE INDEX "CompliancePoint_at_idx" ON "CompliancePoint"("at");

-- CreateTable
CREATE TABLE "ParameterOverride" (
    "id" UUID NOT NULL,
    "controlId" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "scopeKey" TEXT NOT NULL,
    "accountId" UUID,
    "clusterId" UUID,
    "namespace" TEXT NOT NULL DEFAULT '',
    "params" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "setBy" TEXT NOT NULL,
    "setAt" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "ParameterOverride_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "ParameterOverride_accountId_idx" ON "ParameterOverride"("accountId");

-- CreateIndex
CREATE INDEX "ParameterOverride_clusterId_idx" ON "ParameterOverride"("clusterId");

-- CreateIndex
CREATE UNIQUE INDEX "ParameterOverride_controlId_scopeKey_key" ON "ParameterOverride"("controlId", "scopeKey");

-- AddForeignKey
ALTER TABLE "ParameterOverride" ADD CONSTRAINT "ParameterOverride_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ParameterOverride" ADD CONSTRAINT "ParameterOverride_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

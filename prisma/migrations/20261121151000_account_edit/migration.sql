-- AlterTable
ALTER TABLE "Account" ADD COLUMN     "removedAt" TIMESTAMPTZ,
ADD COLUMN     "waitUntil" TIMESTAMPTZ;

-- AlterTable
ALTER TABLE "Cluster" ADD COLUMN     "waitUntil" TIMESTAMPTZ;

-- CreateTable
CREATE TABLE "AccountDraft" (
    "id" UUID NOT NULL,
    "accountId" UUID NOT NULL,
    "madeBy" TEXT NOT NULL,
    "basis" TIMESTAMPTZ NOT NULL,
    "name" TEXT NOT NULL,
    "intervalMinutes" INTEGER NOT NULL,
    "settings" JSONB NOT NULL,
    "sealed" JSONB NOT NULL,
    "forget" TEXT[],
    "createdAt" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "AccountDraft_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "AccountDraft_accountId_madeBy_key" ON "AccountDraft"("accountId", "madeBy");

-- AddForeignKey
ALTER TABLE "AccountDraft" ADD CONSTRAINT "AccountDraft_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- One name for one setting in all clouds: the longest wait that a server is granted, and how often a call is tried.
UPDATE "Account" SET "settings" = ("settings" - 'retryAfterCeilingMs') || jsonb_build_object('maxRetryWaitMs', "settings" -> 'retryAfterCeilingMs') WHERE "settings" ? 'retryAfterCeilingMs';
UPDATE "Account" SET "settings" = ("settings" - 'maxRetryDelayMs') || jsonb_build_object('maxRetryWaitMs', "settings" -> 'maxRetryDelayMs') WHERE "settings" ? 'maxRetryDelayMs';
UPDATE "Account" SET "settings" = ("settings" - 'maxRetries') || jsonb_build_object('maxAttempts', ("settings" ->> 'maxRetries')::int + 1) WHERE "settings" ? 'maxRetries';

-- CreateTable
CREATE TABLE "MailServer" (
    "id" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "security" TEXT NOT NULL,
    "username" TEXT,
    "sealed" JSONB,
    "kid" TEXT,
    "fromAddress" TEXT NOT NULL,
    "fromName" TEXT NOT NULL,
    "baseUrl" TEXT,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "problem" TEXT,
    "checkedAt" TIMESTAMPTZ,
    "pausedUntil" TIMESTAMPTZ,
    "updatedAt" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "MailServer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "NotificationPolicy" (
    "id" TEXT NOT NULL,
    "critical" INTEGER NOT NULL DEFAULT 24,
    "high" INTEGER NOT NULL DEFAULT 4,
    "medium" INTEGER NOT NULL DEFAULT 2,
    "low" INTEGER NOT NULL DEFAULT 1,
    "scoreFall" DOUBLE PRECISION NOT NULL DEFAULT 3,
    "updatedAt" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "NotificationPolicy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "NotificationRoute" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "kinds" TEXT[],
    "minSeverity" SMALLINT NOT NULL,
    "accountIds" UUID[],
    "clusterIds" UUID[],
    "namespaces" TEXT[],
    "owners" TEXT[],
    "toUsers" TEXT[],
    "toRoles" TEXT[],
    "toAddresses" TEXT[],
    "createdAt" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "NotificationRoute_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Recipient" (
    "id" UUID NOT NULL,
    "userId" TEXT,
    "address" TEXT,
    "pace" TEXT NOT NULL DEFAULT 'now',
    "digestDay" SMALLINT NOT NULL DEFAULT 1,
    "digestHour" SMALLINT NOT NULL DEFAULT 8,
    "quietFrom" SMALLINT,
    "quietTo" SMALLINT,
    "timeZone" TEXT,
    "criticalAtOnce" BOOLEAN NOT NULL DEFAULT true,
    "unsubscribedAt" TIMESTAMPTZ,
    "createdAt" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "Recipient_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Notice" (
    "id" UUID NOT NULL,
    "eventId" UUID NOT NULL,
    "recipientId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "severity" SMALLINT NOT NULL,
    "accountId" UUID,
    "clusterId" UUID,
    "part" JSONB,
    "deliveryId" UUID,
    "heldUntil" TIMESTAMPTZ,
    "reason" TEXT,
    "createdAt" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Notice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Delivery" (
    "id" UUID NOT NULL,
    "recipientId" UUID,
    "address" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "severity" SMALLINT,
    "eventId" UUID,
    "subject" TEXT NOT NULL DEFAULT '',
    "state" TEXT NOT NULL DEFAULT 'queued',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAttemptAt" TIMESTAMPTZ NOT NULL,
    "claimedUntil" TIMESTAMPTZ,
    "reason" TEXT,
    "createdAt" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sentAt" TIMESTAMPTZ,

    CONSTRAINT "Delivery_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Recipient_userId_key" ON "Recipient"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "Recipient_address_key" ON "Recipient"("address");

-- CreateIndex
CREATE INDEX "Notice_deliveryId_idx" ON "Notice"("deliveryId");

-- CreateIndex
CREATE INDEX "Notice_createdAt_idx" ON "Notice"("createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "Notice_eventId_recipientId_key" ON "Notice"("eventId", "recipientId");

-- CreateIndex
CREATE INDEX "Delivery_createdAt_idx" ON "Delivery"("createdAt");

-- CreateIndex
CREATE INDEX "Delivery_recipientId_createdAt_idx" ON "Delivery"("recipientId", "createdAt");

-- AddForeignKey
ALTER TABLE "Recipient" ADD CONSTRAINT "Recipient_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Notice" ADD CONSTRAINT "Notice_recipientId_fkey" FOREIGN KEY ("recipientId") REFERENCES "Recipient"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Notice" ADD CONSTRAINT "Notice_deliveryId_fkey" FOREIGN KEY ("deliveryId") REFERENCES "Delivery"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Delivery" ADD CONSTRAINT "Delivery_recipientId_fkey" FOREIGN KEY ("recipientId") REFERENCES "Recipient"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Partial indexes that Prisma's schema language has no word for.
CREATE INDEX "Notice_held" ON "Notice" ("heldUntil") WHERE "deliveryId" IS NULL AND "heldUntil" IS NOT NULL;
CREATE INDEX "Delivery_due" ON "Delivery" ("nextAttemptAt") WHERE "state" IN ('queued', 'sending');

-- The Owners of an account's scope hear of what is high and critical, unless an Owner changes it.
INSERT INTO "NotificationRoute" ("id", "name", "kinds", "minSeverity", "accountIds", "clusterIds", "namespaces", "owners", "toUsers", "toRoles", "toAddresses", "updatedAt")
VALUES ('01939000-0000-7000-8000-000000000001', 'Owners of the account', '{}', 2, '{}', '{}', '{}', '{}', '{}', '{Owner}', '{}', CURRENT_TIMESTAMP);
INSERT INTO "NotificationPolicy" ("id", "updatedAt") VALUES ('policy', CURRENT_TIMESTAMP);

-- The first schema, as Prisma's diff writes it.
-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "User" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "emailVerified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "createdAt" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ NOT NULL,
    "ipAddress" TEXT,
    "userAgent" TEXT,
    "createdAt" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SignInMethod" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "providerId" TEXT NOT NULL,
    "accessToken" TEXT,
    "refreshToken" TEXT,
    "idToken" TEXT,
    "accessTokenExpiresAt" TIMESTAMPTZ,
    "refreshTokenExpiresAt" TIMESTAMPTZ,
    "scope" TEXT,
    "password" TEXT,
    "createdAt" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "SignInMethod_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ NOT NULL,
    "createdAt" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "Verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RateLimit" (
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "lastRequest" BIGINT NOT NULL,

    CONSTRAINT "RateLimit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RoleGrant" (
    "id" UUID NOT NULL,
    "userId" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "accountId" UUID,
    "createdAt" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "RoleGrant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "OneTimeToken" (
    "id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "userId" TEXT,
    "expiresAt" TIMESTAMPTZ NOT NULL,
    "usedAt" TIMESTAMPTZ,
    "createdAt" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "OneTimeToken_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actorId" TEXT,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "accountId" UUID,
    "address" TEXT,
    "detail" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Account" (
    "id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "intervalMinutes" INTEGER NOT NULL DEFAULT 60,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "health" TEXT NOT NULL DEFAULT 'unknown',
    "healthReason" TEXT,
    "checkedAt" TIMESTAMPTZ,
    "nextScanAt" TIMESTAMPTZ,
    "createdAt" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "Account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Secret" (
    "id" UUID NOT NULL,
    "accountId" UUID NOT NULL,
    "field" TEXT NOT NULL,
    "kid" TEXT NOT NULL,
    "sealed" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "Secret_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Cluster" (
    "id" UUID NOT NULL,
    "accountId" UUID NOT NULL,
    "distribution" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "uid" TEXT,
    "aliases" TEXT[],
    "region" TEXT,
    "version" TEXT,
    "status" TEXT,
    "managed" JSONB NOT NULL,
    "managedAt" TIMESTAMPTZ,
    "gaps" JSONB NOT NULL DEFAULT '[]',
    "workloads" INTEGER NOT NULL DEFAULT 0,
    "nodes" INTEGER NOT NULL DEFAULT 0,
    "score" DOUBLE PRECISION,
    "coverage" DOUBLE PRECISION,
    "expected" INTEGER NOT NULL DEFAULT 0,
    "evaluated" INTEGER NOT NULL DEFAULT 0,
    "lastScanId" UUID,
    "lastScanStatus" TEXT,
    "lastScanAt" TIMESTAMPTZ,
    "lastCompleteAt" TIMESTAMPTZ,
    "firstSeenAt" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "goneAt" TIMESTAMPTZ,
    "leaseOwner" TEXT,
    "leaseUntil" TIMESTAMPTZ,
    "fence" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "Cluster_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Scan" (
    "id" UUID NOT NULL,
    "accountId" UUID NOT NULL,
    "clusterId" UUID,
    "kind" TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "reasons" JSONB NOT NULL DEFAULT '[]',
    "stats" JSONB NOT NULL DEFAULT '{}',
    "nodeCounts" JSONB NOT NULL DEFAULT '[]',
    "queuedAt" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMPTZ,
    "finishedAt" TIMESTAMPTZ,

    CONSTRAINT "Scan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Resource" (
    "clusterId" UUID NOT NULL,
    "apiGroup" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "namespace" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "uid" TEXT,
    "resourceVersion" TEXT,
    "hash" TEXT NOT NULL,
    "doc" JSONB NOT NULL,
    "ownerKind" TEXT NOT NULL,
    "ownerName" TEXT NOT NULL,
    "outcomes" JSONB,
    "assessedHash" TEXT,
    "firstSeenAt" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changedAt" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Resource_pkey" PRIMARY KEY ("clusterId","apiGroup","kind","namespace","name")
);

-- CreateTable
CREATE TABLE "RunningImage" (
    "clusterId" UUID NOT NULL,
    "namespace" TEXT NOT NULL,
    "ownerKind" TEXT NOT NULL,
    "ownerName" TEXT NOT NULL,
    "container" TEXT NOT NULL,
    "image" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "pods" INTEGER NOT NULL,

    CONSTRAINT "RunningImage_pkey" PRIMARY KEY ("clusterId","namespace","ownerKind","ownerName","container","image","digest")
);

-- CreateTable
CREATE TABLE "Finding" (
    "id" UUID NOT NULL,
    "accountId" UUID NOT NULL,
    "clusterId" UUID NOT NULL,
    "controlId" TEXT NOT NULL,
    "scoreGroup" TEXT NOT NULL,
    "severity" SMALLINT NOT NULL,
    "apiGroup" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "namespace" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,
    "firstSeenAt" TIMESTAMPTZ NOT NULL,
    "lastSeenAt" TIMESTAMPTZ NOT NULL,
    "resolvedAt" TIMESTAMPTZ,
    "resolution" TEXT,
    "reopened" INTEGER NOT NULL DEFAULT 0,
    "notRechecked" TEXT,

    CONSTRAINT "Finding_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "FindingTransition" (
    "id" UUID NOT NULL,
    "findingId" UUID NOT NULL,
    "scanId" UUID NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "change" TEXT NOT NULL,
    "reason" TEXT,

    CONSTRAINT "FindingTransition_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ControlRollup" (
    "clusterId" UUID NOT NULL,
    "controlId" TEXT NOT NULL,
    "healthy" INTEGER NOT NULL,
    "unhealthy" INTEGER NOT NULL,
    "notApplicable" INTEGER NOT NULL,
    "notEvaluated" INTEGER NOT NULL,

    CONSTRAINT "ControlRollup_pkey" PRIMARY KEY ("clusterId","controlId")
);

-- CreateTable
CREATE TABLE "GroupRollup" (
    "clusterId" UUID NOT NULL,
    "scoreGroup" TEXT NOT NULL,
    "healthy" INTEGER NOT NULL,
    "unhealthy" INTEGER NOT NULL,
    "out" INTEGER NOT NULL,

    CONSTRAINT "GroupRollup_pkey" PRIMARY KEY ("clusterId","scoreGroup")
);

-- CreateTable
CREATE TABLE "ScorePoint" (
    "id" UUID NOT NULL,
    "scope" TEXT NOT NULL,
    "scopeId" UUID,
    "at" TIMESTAMPTZ NOT NULL,
    "scanId" UUID,
    "score" DOUBLE PRECISION,
    "coverage" DOUBLE PRECISION,
    "expected" INTEGER NOT NULL,
    "evaluated" INTEGER NOT NULL,
    "groups" JSONB NOT NULL,
    "ledger" JSONB NOT NULL,

    CONSTRAINT "ScorePoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "OutboxEvent" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "accountId" UUID,
    "clusterId" UUID,
    "payload" JSONB NOT NULL,
    "at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deliveredAt" TIMESTAMPTZ,

    CONSTRAINT "OutboxEvent_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE UNIQUE INDEX "Session_token_key" ON "Session"("token");

-- CreateIndex
CREATE INDEX "Session_userId_idx" ON "Session"("userId");

-- CreateIndex
CREATE INDEX "SignInMethod_userId_idx" ON "SignInMethod"("userId");

-- CreateIndex
CREATE INDEX "Verification_identifier_idx" ON "Verification"("identifier");

-- CreateIndex
CREATE UNIQUE INDEX "RateLimit_key_key" ON "RateLimit"("key");

-- CreateIndex
CREATE INDEX "RoleGrant_userId_idx" ON "RoleGrant"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "OneTimeToken_hash_key" ON "OneTimeToken"("hash");

-- CreateIndex
CREATE INDEX "AuditEntry_at_idx" ON "AuditEntry"("at");

-- CreateIndex
CREATE INDEX "Account_nextScanAt_idx" ON "Account"("nextScanAt");

-- CreateIndex
CREATE UNIQUE INDEX "Account_provider_externalId_key" ON "Account"("provider", "externalId");

-- CreateIndex
CREATE UNIQUE INDEX "Secret_accountId_field_key" ON "Secret"("accountId", "field");

-- CreateIndex
CREATE UNIQUE INDEX "Cluster_uid_key" ON "Cluster"("uid");

-- CreateIndex
CREATE INDEX "Cluster_accountId_idx" ON "Cluster"("accountId");

-- CreateIndex
CREATE INDEX "Scan_clusterId_queuedAt_idx" ON "Scan"("clusterId", "queuedAt");

-- CreateIndex
CREATE INDEX "Scan_accountId_queuedAt_idx" ON "Scan"("accountId", "queuedAt");

-- CreateIndex
CREATE INDEX "Resource_clusterId_kind_namespace_idx" ON "Resource"("clusterId", "kind", "namespace");

-- CreateIndex
CREATE INDEX "RunningImage_digest_idx" ON "RunningImage"("digest");

-- CreateIndex
CREATE INDEX "Finding_clusterId_state_idx" ON "Finding"("clusterId", "state");

-- CreateIndex
CREATE INDEX "Finding_controlId_state_idx" ON "Finding"("controlId", "state");

-- CreateIndex
CREATE UNIQUE INDEX "Finding_clusterId_controlId_apiGroup_kind_namespace_name_key" ON "Finding"("clusterId", "controlId", "apiGroup", "kind", "namespace", "name");

-- CreateIndex
CREATE INDEX "FindingTransition_findingId_at_idx" ON "FindingTransition"("findingId", "at");

-- CreateIndex
CREATE INDEX "FindingTransition_at_idx" ON "FindingTransition"("at");

-- CreateIndex
CREATE INDEX "ScorePoint_scope_scopeId_at_idx" ON "ScorePoint"("scope", "scopeId", "at");

-- CreateIndex
CREATE INDEX "OutboxEvent_at_idx" ON "OutboxEvent"("at");

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SignInMethod" ADD CONSTRAINT "SignInMethod_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RoleGrant" ADD CONSTRAINT "RoleGrant_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RoleGrant" ADD CONSTRAINT "RoleGrant_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Secret" ADD CONSTRAINT "Secret_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Cluster" ADD CONSTRAINT "Cluster_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Scan" ADD CONSTRAINT "Scan_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Scan" ADD CONSTRAINT "Scan_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Resource" ADD CONSTRAINT "Resource_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Finding" ADD CONSTRAINT "Finding_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ControlRollup" ADD CONSTRAINT "ControlRollup_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "GroupRollup" ADD CONSTRAINT "GroupRollup_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;



-- Partial indexes that Prisma's schema language has no word for.
CREATE INDEX "Finding_open_severity" ON "Finding" ("severity" DESC, "id" DESC) WHERE "state" = 'open';
CREATE INDEX "Finding_open_cluster" ON "Finding" ("clusterId", "severity" DESC, "id" DESC) WHERE "state" = 'open';
CREATE INDEX "Finding_open_control" ON "Finding" ("controlId", "id" DESC) WHERE "state" = 'open';
CREATE INDEX "Finding_open_namespace" ON "Finding" ("namespace", "id" DESC) WHERE "state" = 'open';
CREATE INDEX "OutboxEvent_pending" ON "OutboxEvent" ("at") WHERE "deliveredAt" IS NULL;

-- AlterTable
ALTER TABLE "User" ADD COLUMN     "twoFactorEnabled" BOOLEAN DEFAULT false;

-- AlterTable
ALTER TABLE "RoleGrant" ADD COLUMN     "source" TEXT NOT NULL DEFAULT 'given';

-- CreateTable
CREATE TABLE "TwoFactor" (
    "id" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "backupCodes" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "verified" BOOLEAN DEFAULT true,
    "failedVerificationCount" INTEGER DEFAULT 0,
    "lockedUntil" TIMESTAMPTZ,

    CONSTRAINT "TwoFactor_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Invitation" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "everything" BOOLEAN NOT NULL,
    "accountIds" UUID[],
    "hash" TEXT NOT NULL,
    "inviterId" TEXT NOT NULL,
    "inviter" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ NOT NULL,
    "acceptedAt" TIMESTAMPTZ,
    "withdrawnAt" TIMESTAMPTZ,
    "createdAt" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SignInPolicy" (
    "id" INTEGER NOT NULL,
    "requireSecondFactor" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "SignInPolicy_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "SignInMethod_providerId_accountId_key" ON "SignInMethod"("providerId", "accountId");

-- CreateIndex
CREATE INDEX "TwoFactor_secret_idx" ON "TwoFactor"("secret");

-- CreateIndex
CREATE INDEX "TwoFactor_userId_idx" ON "TwoFactor"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "Invitation_hash_key" ON "Invitation"("hash");

-- CreateIndex
CREATE INDEX "Invitation_email_idx" ON "Invitation"("email");

-- AddForeignKey
ALTER TABLE "TwoFactor" ADD CONSTRAINT "TwoFactor_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;



INSERT INTO "SignInPolicy" ("id") VALUES (1);

-- One grant of each source per person and account. A person who was given two keeps the stronger; "Owner" < "Security Admin" <
-- "Security Reader" also by name.
DELETE FROM "RoleGrant" weaker USING "RoleGrant" kept
WHERE weaker."userId" = kept."userId" AND weaker."accountId" IS NOT DISTINCT FROM kept."accountId"
  AND (weaker."role", weaker."id") > (kept."role", kept."id");
CREATE UNIQUE INDEX "RoleGrant_one" ON "RoleGrant" ("userId", "accountId", "source") NULLS NOT DISTINCT;

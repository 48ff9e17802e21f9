-- A role that a claim brought lasts as long as its person signs in. Those that are here begin to count now.

-- AlterTable
ALTER TABLE "RoleGrant" ADD COLUMN "confirmedAt" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP;

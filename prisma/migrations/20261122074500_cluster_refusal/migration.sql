-- What a cluster refuses the account's identity is known until somebody sees it repaired, whoever looks at the account meanwhile.
ALTER TABLE "Cluster" ADD COLUMN "refusal" TEXT;

-- CreateTable
CREATE TABLE "ResourceChange" (
    "id" UUID NOT NULL,
    "clusterId" UUID NOT NULL,
    "scanId" UUID NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "change" TEXT NOT NULL,
    "apiGroup" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "namespace" TEXT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "ResourceChange_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "ResourceChange_clusterId_at_id_idx" ON "ResourceChange"("clusterId", "at", "id");

-- CreateIndex
CREATE INDEX "ResourceChange_at_idx" ON "ResourceChange"("at");

-- AddForeignKey
ALTER TABLE "ResourceChange" ADD CONSTRAINT "ResourceChange_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

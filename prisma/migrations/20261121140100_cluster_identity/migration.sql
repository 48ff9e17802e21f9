-- AlterTable
ALTER TABLE "Cluster" ADD COLUMN     "authority" TEXT,
ADD COLUMN     "aliasOf" UUID,
ADD COLUMN     "sweptAt" TIMESTAMPTZ;

-- AddForeignKey
ALTER TABLE "Cluster" ADD CONSTRAINT "Cluster_aliasOf_fkey" FOREIGN KEY ("aliasOf") REFERENCES "Cluster"("id") ON DELETE SET NULL ON UPDATE CASCADE;

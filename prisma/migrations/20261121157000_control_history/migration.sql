-- AlterTable
ALTER TABLE "FindingTransition" ADD COLUMN     "controlId" TEXT;

UPDATE "FindingTransition" t SET "controlId" = f."controlId" FROM "Finding" f WHERE f."id" = t."findingId";

-- CreateIndex
CREATE INDEX "FindingTransition_controlId_at_idx" ON "FindingTransition"("controlId", "at");

-- AlterTable: without a default, so that no row is written; the next scan reads the pods once more.
ALTER TABLE "Resource" ADD COLUMN "phase" TEXT;

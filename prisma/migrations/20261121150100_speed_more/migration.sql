-- AlterTable
ALTER TABLE "Finding" ADD COLUMN     "digest" TEXT;

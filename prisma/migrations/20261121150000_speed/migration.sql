-- AlterTable
ALTER TABLE "Resource" ADD COLUMN     "running" TEXT;

-- AlterTable
ALTER TABLE "Resource" ADD COLUMN     "shape" TEXT;

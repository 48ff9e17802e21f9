-- What is kept for a time is found by its age.

-- CreateIndex
CREATE INDEX "ScorePoint_at_idx" ON "ScorePoint"("at");

-- Not known to Prisma's schema: partial.
CREATE INDEX "Finding_resolved" ON "Finding" ("resolvedAt") WHERE "state" = 'resolved';

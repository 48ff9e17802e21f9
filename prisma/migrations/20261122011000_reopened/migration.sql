-- Not known to Prisma's schema: partial. Findings that came back: few of many.
CREATE INDEX "Finding_reopened" ON "Finding" ("accountId") WHERE "reopened" > 0;

-- Not known to Prisma's schema: partial. Findings that came back, counted by cluster: a fifth of the roll-up, and it was read whole for them.
CREATE INDEX "FindingByControl_again" ON "FindingByControl" ("clusterId") INCLUDE ("open", "unchecked", "resolved") WHERE "again";

-- What is exempted of each control of each cluster is read from this index alone: compliance and recommendations sum it over the whole fleet.
CREATE INDEX "Finding_exempted_control" ON "Finding" ("clusterId", "controlId") INCLUDE ("exemption", "notRechecked") WHERE "exemptionId" IS NOT NULL AND "state" = 'open';
-- Whoever asks for the findings of one exemption asks for all of them; those of a cluster are in the new index.
DROP INDEX "Finding_exempted";
CREATE INDEX "Finding_exempted" ON "Finding" ("exemptionId") WHERE "exemptionId" IS NOT NULL;

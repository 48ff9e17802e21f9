-- Second names of a cluster: an exemption of one holds for the cluster, so that every scan looks for them.
CREATE INDEX "Cluster_second_name" ON "Cluster" ("aliasOf") WHERE "aliasOf" IS NOT NULL;

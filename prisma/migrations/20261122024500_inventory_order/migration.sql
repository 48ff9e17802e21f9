-- The inventory of a namespace is listed by name.
-- DropIndex
DROP INDEX "RunningImage_namespace_id_idx";

-- CreateIndex
CREATE INDEX "RunningImage_namespace_image_id_idx" ON "RunningImage"("namespace", "image", "id");

-- Not known to Prisma's schema: partial.
DROP INDEX "Resource_item_namespace";
CREATE INDEX "Resource_item_namespace" ON "Resource" ("namespace", "name", "id")
  WHERE "kind" = 'Pod' OR ("kind" IN ('Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob') AND "ownerKind" = "kind" AND "ownerName" = "name");

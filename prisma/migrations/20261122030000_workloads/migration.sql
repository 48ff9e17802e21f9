-- What a resource is in the inventory, said once: a workload is a topmost owner that controls judge, whatever its kind, a pod of nobody's
-- and an Argo Rollout included; a pod is one of a workload's. The kinds that are judged as something else are those of `APPLIES_TO`.
ALTER TABLE "Resource" ADD COLUMN "item" TEXT GENERATED ALWAYS AS (
  CASE WHEN "outcomes" IS NOT NULL AND "kind" NOT IN ('Namespace', 'Node', 'Service', 'Ingress', 'NetworkPolicy', 'ServiceAccount', 'Role', 'ClusterRole',
      'RoleBinding', 'ClusterRoleBinding', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'ValidatingAdmissionPolicy',
      'KubeApiServer', 'KubeControllerManager', 'KubeScheduler', 'Etcd', 'Kubelet', 'ManagedCluster') THEN 'workload'
    WHEN "kind" = 'Pod' THEN 'pod' END) STORED;

DROP INDEX "Resource_item_name";
DROP INDEX "Resource_item_namespace";
DROP INDEX "Resource_item_kind";
CREATE INDEX "Resource_item_name" ON "Resource" ("name", "id") WHERE "item" IS NOT NULL;
CREATE INDEX "Resource_item_namespace" ON "Resource" ("namespace", "name", "id") WHERE "item" IS NOT NULL;
CREATE INDEX "Resource_item_kind" ON "Resource" ("kind", "id") WHERE "item" IS NOT NULL;
DO $$
BEGIN
  IF to_regclass('"Resource_search"') IS NOT NULL THEN
    DROP INDEX "Resource_search";
    CREATE INDEX "Resource_search" ON "Resource" USING gin (lower("name") gin_trgm_ops) WHERE "item" IS NOT NULL;
  END IF;
END
$$;

CREATE OR REPLACE FUNCTION count_items() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  image boolean := TG_TABLE_NAME = 'RunningImage';
  pick text := CASE WHEN image THEN '"clusterId", "namespace", ''image'' AS type, ''Image'' AS kind' ELSE '"clusterId", "namespace", "item" AS type, "kind"' END;
  counted text := CASE WHEN image THEN 'true' ELSE '"item" IS NOT NULL' END;
  came text := format('SELECT 1 AS d, %s FROM fresh WHERE %s', pick, counted);
  went text := format('SELECT -1 AS d, %s FROM stale WHERE %s', pick, counted);
  moved text := CASE TG_OP WHEN 'INSERT' THEN came WHEN 'DELETE' THEN went ELSE came || ' UNION ALL ' || went END;
BEGIN
  EXECUTE format('INSERT INTO "ItemByNamespace" AS r ("clusterId", "namespace", "type", "kind", "amount")
    SELECT "clusterId", "namespace", type, kind, sum(d) FROM (%s) m GROUP BY 1, 2, 3, 4 HAVING sum(d) <> 0 ORDER BY 1, 2, 3, 4
    ON CONFLICT ("clusterId", "namespace", "type", "kind") DO UPDATE SET "amount" = r."amount" + excluded."amount"', moved);
  EXECUTE format('INSERT INTO "ItemByKind" AS r ("clusterId", "type", "kind", "amount")
    SELECT "clusterId", type, kind, sum(d) FROM (%s) m GROUP BY 1, 2, 3 HAVING sum(d) <> 0 ORDER BY 1, 2, 3
    ON CONFLICT ("clusterId", "type", "kind") DO UPDATE SET "amount" = r."amount" + excluded."amount"', moved);
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM "ItemByNamespace" WHERE "clusterId" IN (SELECT "clusterId" FROM stale) AND "amount" = 0;
    DELETE FROM "ItemByKind" WHERE "clusterId" IN (SELECT "clusterId" FROM stale) AND "amount" = 0;
  END IF;
  RETURN NULL;
END
$$;

DELETE FROM "ItemByNamespace";
DELETE FROM "ItemByKind";
INSERT INTO "ItemByNamespace" SELECT "clusterId", "namespace", "item", "kind", count(*) FROM "Resource" WHERE "item" IS NOT NULL GROUP BY 1, 2, 3, 4;
INSERT INTO "ItemByNamespace" SELECT "clusterId", "namespace", 'image', 'Image', count(*) FROM "RunningImage" GROUP BY 1, 2;
INSERT INTO "ItemByKind" SELECT "clusterId", "type", "kind", sum("amount") FROM "ItemByNamespace" GROUP BY 1, 2, 3;

-- Disruption budgets, bindings of admission policies and ConfigMaps are judged now, and are no workloads. PostgreSQL 15 and 16 can't
-- change what a column is generated from: it is made anew, and its indexes, which go with it. The counts of items stay what they are.
DO $$
DECLARE
  searched boolean := to_regclass('"Resource_search"') IS NOT NULL;
BEGIN
  ALTER TABLE "Resource" DROP COLUMN "item";
  ALTER TABLE "Resource" ADD COLUMN "item" TEXT GENERATED ALWAYS AS (
    CASE WHEN "outcomes" IS NOT NULL AND "kind" NOT IN ('Namespace', 'Node', 'Service', 'Ingress', 'NetworkPolicy', 'PodDisruptionBudget',
        'ServiceAccount', 'Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding', 'ConfigMap', 'ValidatingWebhookConfiguration',
        'MutatingWebhookConfiguration', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding', 'KubeApiServer',
        'KubeControllerManager', 'KubeScheduler', 'Etcd', 'Kubelet', 'ManagedCluster') THEN 'workload'
      WHEN "kind" = 'Pod' THEN 'pod' END) STORED;
  CREATE INDEX "Resource_item_name" ON "Resource" ("name", "id") WHERE "item" IS NOT NULL;
  CREATE INDEX "Resource_item_namespace" ON "Resource" ("namespace", "name", "id") WHERE "item" IS NOT NULL;
  CREATE INDEX "Resource_item_kind" ON "Resource" ("kind", "id") WHERE "item" IS NOT NULL;
  IF searched THEN
    CREATE INDEX "Resource_search" ON "Resource" USING gin (lower("name") gin_trgm_ops) WHERE "item" IS NOT NULL;
  END IF;
END
$$;

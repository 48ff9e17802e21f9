import { expect, it } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { useOneCluster } from "../testing/estate";
import { factText } from "./fact";
import { readFacts } from "./queries";

const addPart = (cluster: string, kind: string, name: string, namespace: string, flags?: Record<string, string>) =>
  pool().query(
    `INSERT INTO "Resource" ("clusterId", "apiGroup", kind, namespace, name, hash, doc, "ownerKind", "ownerName") VALUES ($1, '', $2, $3, $4, 'h', $5, $2, $4)`,
    [cluster, kind, namespace, name, JSON.stringify({ kind, ...(flags === undefined ? {} : { flags }) })],
  );
const { account, web } = useOneCluster(async ({ web }) => {
  await addPart(web, "KubeApiServer", "api-1", "kube-system", { "audit-policy-file": "/etc/audit.yaml" });
  await addPart(web, "KubeApiServer", "api-2", "kube-system", {});
  await addPart(web, "Etcd", "etcd-1", "kube-system");
  await addPart(web, "KubeScheduler", "mine", "shop", { config: "/etc/mine.yaml" });
});
const AUDIT = "flags.KubeApiServer.audit-policy-file";
const asked = [AUDIT, "flags.Etcd.data-dir", "flags.KubeScheduler.config", "listed.Pod", "api.publicEndpoint"];

it("facts of a cluster are what its cloud tells, what was listed, and the flags of its own control plane", async () => {
  const owner = mintScope("u", "Ada", [{ role: "Owner", accountId: null }]);
  const told = (await readFacts(owner, { scope: "cluster", id: web }, asked)).get(web);
  expect(told?.map(({ value }) => value)).toEqual(["/etc/audit.yaml, not set", null, null, "2", "yes"]);
});

it("facts of another's account are seen by nobody else", async () => {
  const other = mintScope("u", "Bob", [{ role: "Security Reader", accountId: uuidv7() }]);
  expect([...(await readFacts(other, { scope: "account", id: account }, [AUDIT]))]).toEqual([]);
});

it("tells a flag that hangs on a variable as it is written", () => {
  const components = [{ kind: "KubeApiServer", flags: { "audit-policy-file": { written: "$(POLICY)" } } }];
  expect(factText(AUDIT, { managed: {}, listed: {}, components })).toBe("$(POLICY)");
});

import { beforeAll, expect, it } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { useTestDatabase } from "@/lib/testing/use-database";
import { affectedClusters, affectedExamples } from "./queries";

const [account, other, aks, eks, gone, foreign] = [uuidv7(), uuidv7(), uuidv7(), uuidv7(), uuidv7(), uuidv7()];
const everything = mintScope("u", "Ada", [{ role: "Security Reader", accountId: null }]);
const one = mintScope("v", "Bo", [{ role: "Security Reader", accountId: account }]);
const CONTROL = "SW-0017";

useTestDatabase();
beforeAll(async () => {
  for (const id of [account, other])
    await pool().query(
      `INSERT INTO "Account" (id, provider, name, "externalId", settings, "updatedAt") VALUES ($1::uuid, 'azure', 'a', ($1::uuid)::text, '{}', now())`,
      [id],
    );
  const clusters: [string, string, string, Date | null][] = [
    [aks, account, "aks", null],
    [eks, account, "eks", null],
    [gone, account, "gke", new Date()],
    [foreign, other, "arc", null],
  ];
  for (const cluster of clusters)
    await pool().query(
      `INSERT INTO "Cluster" (id, "accountId", distribution, name, aliases, managed, "goneAt") VALUES ($1, $2, $3, 'one', '{}', '{}', $4)`,
      cluster,
    );
  for (let day = 60; day > 0; day--) await finding(aks, `old-${day}`, day);
  await finding(eks, "newest", 0);
  await finding(eks, "own", 1);
  await finding(eks, "older", 100, { namespace: "kube-system" });
  await finding(eks, "exempted", 100, { exemptionId: uuidv7() });
  await finding(eks, "resolved", 100, { state: "resolved" });
  await finding(eks, "of another control", 100, { controlId: "SW-0001" });
  await finding(gone, "gone", 100);
  await finding(foreign, "system", 0, { namespace: "kube-system" });
}, 300_000);

/** A finding that was seen first so many days ago. */
async function finding(
  cluster: string,
  name: string,
  days: number,
  { namespace = "shop", exemptionId = null as string | null, state = "open", controlId = CONTROL } = {},
): Promise<void> {
  await pool().query(
    `INSERT INTO "Finding" (id, "accountId", "clusterId", "controlId", "scoreGroup", severity, "apiGroup", kind, namespace, name, state, message, evidence, "firstSeenAt", "lastSeenAt", exemption, "exemptionId")
     SELECT $1, c."accountId", c.id, $3, 'access-and-permissions', 2, 'apps', 'Deployment', $4, $5, $6, 'm', '[]', now() - make_interval(days => $7), now(), CASE WHEN $8::uuid IS NULL THEN NULL ELSE 'waiver' END, $8::uuid
     FROM "Cluster" c WHERE c.id = $2`,
    [uuidv7(), cluster, controlId, namespace, name, state, days, exemptionId],
  );
}
const named = async (id: string | undefined): Promise<string | undefined> =>
  (await pool().query<{ name: string }>(`SELECT name FROM "Finding" WHERE id = $1`, [id])).rows[0]?.name;

it("gives an example of each distribution, however many older findings another one has", async () => {
  const examples = await affectedExamples(everything, CONTROL);
  expect(examples.map(({ distribution }) => distribution)).toEqual(["aks", "eks", "arc"]);
  expect(await Promise.all(examples.map(({ id }) => named(id)))).toEqual(["old-60", "own", "system"]);
  expect((await affectedExamples(one, CONTROL)).map(({ distribution }) => distribution)).toEqual(["aks", "eks"]);
  expect(await affectedExamples(one, "SW-0002")).toEqual([]);
});

it("names every affected cluster that is there and may be seen", async () => {
  expect(await affectedClusters(everything, CONTROL)).toEqual(new Set([aks, eks, foreign]));
  expect(await affectedClusters(one, CONTROL)).toEqual(new Set([aks, eks]));
});

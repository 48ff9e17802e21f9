import { expect, test } from "vitest";
import { applyExemptionChange } from "@/domain/posture/exemption/reconcile/store";
import { LAST_SEEN } from "@/domain/posture/finding/row";
import { reopenFindingsOfReturnedClusters, resolveFindingsOfGoneClusters } from "@/domain/posture/gone/store";
import { inTransaction } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { useScanDatabase } from "../testing/scan-database";
import { clock, db, estate, input, namespace, newCluster, rows, scan, use } from "../testing/scan-fixture";
import { mergeClusters } from "./rename";

useScanDatabase();

const seen = () =>
  rows<{ controlId: string; seen: Date; notRechecked: string | null; exemption: string | null }>(
    `SELECT f."controlId", ${LAST_SEEN} AS seen, f."notRechecked", f."exemption" FROM "Finding" f JOIN "Cluster" c ON c."id" = f."clusterId"
     WHERE f."clusterId" = $1 AND f."state" = 'open' ORDER BY f."controlId"`,
    input.cluster.id,
  );

test("what was found under a second name was last seen by its own scans, until one of the row that stays looks", async () => {
  await scan(estate());
  // A scan that finds the same writes no finding: when it was seen is when its cluster was scanned.
  await scan(estate());
  const [goes, looked] = [input, new Date(clock)];
  await newCluster();
  await scan([namespace()]);
  await scan([namespace()]);
  expect(clock).toBeGreaterThan(looked.getTime());
  await inTransaction(db.pool, (tx) =>
    mergeClusters(tx, input.cluster.id, goes.cluster.id, { id: uuidv7(), now: new Date(clock + 1) }),
  );
  const moved = await seen();
  expect(moved).toMatchObject([
    { controlId: "SW-9001", seen: looked, notRechecked: "stale" },
    { controlId: "SW-9002", seen: looked, notRechecked: "stale" },
  ]);
  await scan(null, { unreachable: true });
  expect((await seen()).map((each) => each.seen)).toEqual([looked, looked]);
  await scan(estate());
  expect(await seen()).toMatchObject([
    { seen: new Date(clock), notRechecked: null },
    { seen: new Date(clock), notRechecked: null },
  ]);
});

test("an exemption that ended while its cluster was gone excuses nothing when the cluster comes back; one that holds does", async () => {
  await scan(estate());
  const { id, accountId } = input.cluster;
  const exemptions = ["SW-9001", "SW-9002"].map((control) => ({ id: uuidv7(), targets: [{ control, cluster: id }] }));
  for (const one of exemptions) {
    await rows(
      `INSERT INTO "Exemption" ("id", "type", "state", "targets", "everywhere", "accountIds", "reason", "requestedBy", "requestedAt")
       VALUES ($1, 'mitigated', 'active', $2, false, ARRAY[$3::uuid], 'why', 'me', now())`,
      ...[one.id, JSON.stringify(one.targets), accountId],
    );
    await inTransaction(db.pool, (tx) => applyExemptionChange(tx, one, new Date(clock)));
  }
  expect(await seen()).toMatchObject([{ exemption: "mitigated" }, { exemption: "mitigated" }]);
  const gone = new Date(clock + 1);
  await rows(`UPDATE "Cluster" SET "goneAt" = $2 WHERE "id" = $1`, id, gone);
  await inTransaction(db.pool, (tx) => resolveFindingsOfGoneClusters(tx, [id], uuidv7(), gone));
  await rows(`UPDATE "Exemption" SET "state" = 'expired' WHERE "id" = $1`, exemptions[0]?.id ?? "");
  await rows(`UPDATE "Cluster" SET "goneAt" = NULL WHERE "id" = $1`, id);
  await inTransaction(db.pool, (tx) =>
    reopenFindingsOfReturnedClusters(tx, [{ id, goneAt: gone }], uuidv7(), new Date(clock + 2)),
  );
  const back = [
    { controlId: "SW-9001", exemption: null },
    { controlId: "SW-9002", exemption: "mitigated" },
  ];
  expect(await seen()).toMatchObject(back);
  use(input);
  await scan(estate());
  expect(await seen()).toMatchObject(back);
});

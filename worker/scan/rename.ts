import type pg from "pg";
import { makeSecondName, moveInventory, passNamesOn, placeOf } from "@/domain/inventory/identity/store";
import { moveExemptions } from "@/domain/posture/exemption/store";
import { resolveFindingsOfGoneClusters } from "@/domain/posture/gone/store";
import { moveFindings } from "@/domain/posture/identity/store";
import { rescoreAccount } from "@/domain/posture/point/store";
import { publish } from "@/lib/events";
import { uuidv7 } from "@/lib/id";

const accountOf = async (tx: pg.PoolClient, id: string): Promise<string> => (await placeOf(tx, id))?.accountId ?? "";

/**
 * Makes `goes` a second name of `stays`, in the caller's transaction. What was found under the second name moves, with its
 * history: a finding stays open until it is seen to be healthy, whatever name its cluster is read by. The caller holds both rows, and has
 * fenced off scans of them that are under way.
 */
export async function mergeClusters(
  tx: pg.PoolClient,
  stays: string,
  goes: string,
  scan: { id: string; now: Date },
): Promise<void> {
  const { now } = scan;
  const [accountId, leaving] = [await accountOf(tx, stays), await accountOf(tx, goes)];
  await moveFindings(tx, stays, goes, { ...scan, accountId });
  await moveInventory(tx, stays, goes);
  await makeSecondName(tx, stays, goes, now);
  await moveExemptions(tx, goes);
  await publish(tx, [{ kind: "cluster.merged", accountId, clusterId: stays, payload: { secondName: goes } }], now);
  for (const id of new Set([leaving, accountId])) await rescoreAccount(tx, { accountId: id, scanId: null, now });
}

/**
 * Another cluster was made under this one's name: the old row is gone with what was found in it, and gives up its names to a
 * new row, whose id this resolves with.
 */
export async function replaceCluster(tx: pg.PoolClient, old: string, scan: { id: string; now: Date }): Promise<string> {
  const { now } = scan;
  const id = uuidv7(now.getTime());
  const accountId = await accountOf(tx, old);
  await passNamesOn(tx, old, id, now);
  await resolveFindingsOfGoneClusters(tx, [old], scan.id, now);
  await publish(tx, [{ kind: "cluster.replaced", accountId, clusterId: id, payload: { before: old } }], now);
  await rescoreAccount(tx, { accountId, scanId: scan.id, now });
  return id;
}

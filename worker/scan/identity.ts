import { createHash } from "node:crypto";
import type pg from "pg";
import { clearUid, lockUid, otherHolder, placeOf, writeUid } from "@/domain/inventory/identity/store";
import { breakLease, holdsFence } from "@/domain/inventory/lease/store";
import type { Distribution, Gap } from "@/domain/inventory/schema";
import { inTransaction } from "@/lib/db";
import { FencedError } from "./commit";
import { mergeClusters, replaceCluster } from "./rename";
import { isBelievable, unsteady } from "./uid-change";

/** Who answered at a cluster's address: its kube-system UID, behind which certificate authority. */
export interface Seen {
  uid: string;
  authority: string | null;
}
/** The cluster as stored. */
export interface Named {
  id: string;
  name: string;
  distribution: Distribution;
  uid: string | null;
}
/**
 * `own`: it is the cluster we know, or new. `second-name`: it is another row's cluster, which stays: `id`. `replaced`: another
 * cluster was made under its name; `id` is the new row. `contested`: another row claims the same UID. `unsteady`: it tells another
 * UID too often to be believed, so nothing is read.
 */
export type Identity =
  | { as: "own" }
  | { as: "second-name"; id: string }
  | { as: "replaced"; id: string }
  | { as: "contested"; gap: Gap }
  | { as: "unsteady"; gap: Gap };

/** Fingerprint of a PEM bundle of authorities, whatever its order and spacing; null when there is none. */
export function authorityOf(pem: string): string | null {
  const blocks = [...pem.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g)];
  const bodies = blocks.map(([, body = ""]) => body.replace(/\s/g, "")).sort();
  return bodies.length === 0 ? null : createHash("sha256").update(bodies.join("\n")).digest("hex");
}

/**
 * Settles which cluster a row stands for. A cluster is its kube-system UID, but anybody's API may claim any UID: two rows are
 * one cluster only when both were reached behind the same certificate authority, whose key only that cluster holds. A copy
 * (a restored etcd) has the UID under another authority, and stays a cluster of its own. What another row stands for from now on is judged
 * by a scan of that row, which `judge` asks for in the same transaction. Errors: FencedError when the scan
 * holds the cluster no longer.
 */
export function settleIdentity(
  pool: pg.Pool,
  cluster: Named,
  seen: Seen,
  scan: { id: string; now: Date; fence: bigint },
  judge: (tx: pg.PoolClient, clusterId: string) => Promise<unknown>,
): Promise<Identity> {
  return inTransaction(pool, async (tx): Promise<Identity> => {
    await lockUid(tx, seen.uid, cluster.id);
    if (!(await holdsFence(tx, cluster.id, scan.fence)))
      throw new FencedError(`The scan of ${cluster.name} was taken over, or its account removed.`);
    if (cluster.uid !== null && cluster.uid !== seen.uid) {
      // The address of an Arc cluster was typed by a person, who may have erred; a cloud says itself where its cluster is.
      if (cluster.distribution === "arc") return { as: "own" };
      if (!(await isBelievable(tx, cluster.id, scan.now))) return { as: "unsteady", gap: unsteady };
      const id = await replaceCluster(tx, cluster.id, scan);
      await judge(tx, id);
      return { as: "replaced", id };
    }
    const other = await otherHolder(tx, seen.uid, cluster.id);
    if (other === null || !other.enabled) {
      if (other !== null) await clearUid(tx, other.id);
      await writeUid(tx, cluster.id, seen);
      return { as: "own" };
    }
    if (seen.authority === null || other.authority !== seen.authority)
      return { as: "contested", gap: contested(other) };
    // The cloud's own view wins over Arc's; between equals the older row stays.
    const [stays, goes] =
      cluster.distribution === "arc" ? [other.id, cluster.id] : await older(tx, other.id, cluster.id);
    // A scan of the other row compared with what was stored of that alone; this one has not looked yet.
    await breakLease(tx, other.id);
    await mergeClusters(tx, stays, goes, scan);
    await writeUid(tx, stays, seen);
    if (goes !== cluster.id) return { as: "own" }; // the scan that asks goes on, and judges it
    await judge(tx, stays);
    return { as: "second-name", id: stays };
  });
}

async function older(tx: pg.PoolClient, other: string, own: string): Promise<[stays: string, goes: string]> {
  return (await placeOf(tx, other))?.distribution === "arc" ? [own, other] : [other, own];
}

const contested = (other: { name: string }): Gap => ({
  code: "error",
  what: "kube-system",
  message: `The cluster ${other.name.slice(0, 200)} has the same kube-system UID behind another certificate authority: one of them is a copy or was restored from the other's backup. Both are kept apart.`,
});

import { createHash } from "node:crypto";
import type pg from "pg";
import type { Distribution, Gap } from "@/domain/inventory/schema";
import { inTransaction } from "@/lib/db";
import { FencedError } from "./commit";
import { mergeClusters, replaceCluster } from "./identity-store";
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
 * `own`: it is the cluster we know, or new. `second-name`: it is another row's cluster, which stays. `replaced`: another
 * cluster was made under its name; `id` is the new row. `contested`: another row claims the same UID. `unsteady`: it tells another
 * UID too often to be believed, so nothing is read.
 */
export type Identity =
  | { as: "own" }
  | { as: "second-name" }
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
 * (a restored etcd) has the UID under another authority, and stays a cluster of its own. Errors: FencedError when the scan
 * holds the cluster no longer.
 */
export function settleIdentity(
  pool: pg.Pool,
  cluster: Named,
  seen: Seen,
  scan: { id: string; now: Date; fence: bigint },
): Promise<Identity> {
  return inTransaction(pool, async (tx): Promise<Identity> => {
    const held = await tx.query(`SELECT 1 FROM "Cluster" WHERE "id" = $1 AND "fence" = $2`, [
      cluster.id,
      String(scan.fence),
    ]);
    if (held.rows.length === 0)
      throw new FencedError(`The scan of ${cluster.name} was taken over, or its account removed.`);
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 7))", [seen.uid]);
    if (cluster.uid !== null && cluster.uid !== seen.uid) {
      // The address of an Arc cluster was typed by a person, who may have erred; a cloud says itself where its cluster is.
      if (cluster.distribution === "arc") return { as: "own" };
      if (!(await isBelievable(tx, cluster.id, scan.now))) return { as: "unsteady", gap: unsteady };
      return { as: "replaced", id: await replaceCluster(tx, cluster.id, scan) };
    }
    const { rows } = await tx.query<{ id: string; name: string; authority: string | null; enabled: boolean }>(
      `SELECT c."id", c."name", c."authority", a."enabled" FROM "Cluster" c JOIN "Account" a ON a."id" = c."accountId"
       WHERE c."uid" = $1 AND c."id" <> $2 FOR UPDATE OF c`,
      [seen.uid, cluster.id],
    );
    const [other] = rows;
    if (other === undefined || !other.enabled) {
      if (other !== undefined) await tx.query(`UPDATE "Cluster" SET "uid" = NULL WHERE "id" = $1`, [other.id]);
      await tx.query(
        `UPDATE "Cluster" SET "uid" = $2, "authority" = $3 WHERE "id" = $1 AND ("uid", "authority") IS DISTINCT FROM ($2, $3)`,
        [cluster.id, seen.uid, seen.authority],
      );
      return { as: "own" };
    }
    if (seen.authority === null || other.authority !== seen.authority)
      return { as: "contested", gap: contested(other) };
    // The cloud's own view wins over Arc's; between equals the older row stays.
    const [stays, goes] =
      cluster.distribution === "arc" ? [other.id, cluster.id] : await older(tx, other.id, cluster.id);
    await mergeClusters(tx, stays, goes, scan.now);
    await tx.query(`UPDATE "Cluster" SET "uid" = $2, "authority" = $3 WHERE "id" = $1`, [
      stays,
      seen.uid,
      seen.authority,
    ]);
    return goes === cluster.id ? { as: "second-name" } : { as: "own" };
  });
}

async function older(tx: pg.PoolClient, other: string, own: string): Promise<[stays: string, goes: string]> {
  const { rows } = await tx.query<{ distribution: string }>(`SELECT "distribution" FROM "Cluster" WHERE "id" = $1`, [
    other,
  ]);
  return rows[0]?.distribution === "arc" ? [own, other] : [other, own];
}

const contested = (other: { name: string }): Gap => ({
  code: "error",
  what: "kube-system",
  message: `The cluster ${other.name.slice(0, 200)} has the same kube-system UID behind another certificate authority: one of them is a copy or was restored from the other's backup. Both are kept apart.`,
});

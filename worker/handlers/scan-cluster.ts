import { randomUUID } from "node:crypto";
import { ConnectorError, type KubernetesReader } from "@/connectors/connector";
import { openReader } from "@/connectors/kubernetes/reader";
import { connectors } from "@/connectors/registry";
import { recordClusterWait, recordScannedRefusal } from "@/domain/accounts/cluster/store";
import { readAccount } from "@/domain/accounts/store";
import { waitUntilOf } from "@/domain/accounts/wait";
import { readClusterToScan } from "@/domain/inventory/cluster/store";
import { isFree } from "@/domain/inventory/lease/store";
import { beginScan, closeAbandoned, dropScan } from "@/domain/inventory/scan/store";
import { DISTRIBUTIONS, type Distribution, managedClusterSchema } from "@/domain/inventory/schema";
import { loadControls } from "@/domain/posture/load";
import { resolveParameters } from "@/domain/posture/parameter/resolve";
import { loadOverrides } from "@/domain/posture/parameter/store";
import { inTransaction } from "@/lib/db";
import { env } from "@/lib/env";
import { announce } from "@/lib/events";
import { uuidv7 } from "@/lib/id";
import { dropLetters, enqueue, type JobContext, type JobData } from "@/lib/jobs";
import { connectionsOf, connectorContext, gapOf, readerOptions } from "../connection";
import { FencedError } from "../scan/commit";
import { authorityOf, type Seen, settleIdentity } from "../scan/identity";
import { takeLease } from "../scan/lease";
import { reporter } from "../scan/progress";
import { refusalOf } from "../scan/refusal";
import { scanCluster } from "../scan/scan-cluster";
import type { World } from "../world";

/** Another worker holds the lease; the job comes back with the queue's back-off. */
export class ClusterBusy extends Error {
  override name = "ClusterBusy";
}

/**
 * One scan of one cluster, under its lease: mint access, read, judge, commit once. A cluster that cannot be reached at all is a failed
 * scan with its reason, recorded as such; only trouble of our own (database, lease, a worker that drains) fails the job and is tried again.
 */
export async function scanOneCluster(
  world: World,
  data: JobData<"scan-cluster">,
  context: Pick<JobContext, "signal">,
): Promise<object> {
  const row = await readClusterToScan(world.pool, data.clusterId);
  if (row === null) return { skipped: "the cluster is gone" };
  const account = await readAccount(world.pool, row.accountId);
  if (account === null) return { skipped: "the account is gone or switched off" };
  const lease = await takeLease(world.pool, row.id, `${process.pid}-${randomUUID()}`);
  if (lease === null) throw new ClusterBusy(`Another worker is scanning ${row.name}.`);
  const signal = AbortSignal.any([context.signal, lease.lost]);
  const now = world.clock();
  const scanId = uuidv7(now.getTime());
  const distribution = DISTRIBUTIONS.find((known) => known === row.distribution) ?? "arc";
  const cluster = {
    id: row.id,
    accountId: row.accountId,
    distribution: distribution satisfies Distribution,
    name: row.name,
    managed: row.described ? managedClusterSchema.parse(row.managed) : null,
  };
  // Facts that this discovery did not renew are not judged; why it did not, is why.
  const gaps = row.described ? [...row.gaps] : [...row.undescribed];
  let reader: KubernetesReader | null = null;
  try {
    await closeAbandoned(world.pool, now, row.id);
    const { id: clusterId, accountId } = row;
    await beginScan(world.pool, { id: scanId, accountId, clusterId, trigger: data.trigger, startedAt: now });
    await announce(world.pool, "scan");
    let seen: Seen | null = null;
    try {
      const connection = connectionsOf(world, account).find(({ connector }) => connector.distribution === distribution);
      if (connection === undefined) throw new Error(`No connector reads ${row.distribution}`);
      const access = await connection.connector.access(
        connection.settings,
        connection.secrets,
        { name: row.name, aliases: row.aliases, managed: managedClusterSchema.parse(row.managed) },
        connectorContext(signal),
      );
      reader = openReader(access, readerOptions(connection, signal, world.patience));
      const uid = await uidOf(reader);
      if (uid !== null) seen = { uid, authority: authorityOf(access.caCertificate) };
    } catch (error) {
      signal.throwIfAborted();
      await reader?.close();
      reader = null;
      gaps.unshift(gapOf(error, "Kubernetes API"));
    }
    // Outside of the above: what the database says here is no word of the cluster, and fails the job.
    const identity =
      seen &&
      (await settleIdentity(
        world.pool,
        { ...cluster, uid: row.uid },
        seen,
        { id: scanId, now, fence: lease.fence },
        (tx, clusterId) => enqueue(world.boss, tx, "scan-cluster", { clusterId, trigger: data.trigger }),
      ));
    if (identity?.as === "second-name" || identity?.as === "replaced") {
      await inTransaction(world.pool, (tx) => dropScan(tx, scanId));
      return { identity: identity.as };
    }
    if (identity?.as === "contested" || identity?.as === "unsteady") gaps.unshift(identity.gap);
    if (identity?.as === "unsteady") {
      await reader?.close();
      reader = null;
    }
    const outcome = await scanCluster({
      pool: world.pool,
      reader,
      cluster,
      ...resolveParameters(loadControls(), await loadOverrides(world.pool, row.accountId, row.id)),
      fence: lease.fence,
      scanId,
      now,
      trigger: data.trigger,
      gaps,
      onPage: reporter(world.pool, scanId),
      signal,
      full: row.sweptAt === null || dayOf(row.sweptAt) !== dayOf(now), // the day's first scan that reads sweeps everything
    });
    await recordClusterWait(world.pool, row.id, lease.fence, waitUntilOf(outcome.reasons, now));
    const refusal = refusalOf(outcome, connectors[distribution].permissions);
    if (refusal !== undefined) await recordScannedRefusal(world.pool, row.id, lease.fence, refusal);
    await dropLetters(world.pool, { clusterIds: [row.id] });
    return { ...outcome };
  } catch (error) {
    // Nothing was written. Trying again is the business of the scan that took over, if one did.
    if (!(error instanceof FencedError) || (await isFree(world.pool, row.id))) throw error;
    return { fenced: error.message };
  } finally {
    await reader?.close();
    await lease.release();
  }
}

/** The day an instant falls on, in the organisation's time zone. */
const dayOf = (at: Date): string => at.toLocaleDateString("en-CA", { timeZone: env().SEAWALL_TIME_ZONE });

/** The cluster's identity, or null when it may not be read: the scan goes on and names that as a gap. */
async function uidOf(reader: KubernetesReader): Promise<string | null> {
  try {
    return await reader.clusterUid();
  } catch (error) {
    if (error instanceof ConnectorError && error.gap.code === "denied") return null;
    throw error;
  }
}

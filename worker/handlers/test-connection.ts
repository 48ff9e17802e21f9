import type { ConnectionCheck } from "@/connectors/connector";
import { testClusters } from "@/connectors/test-cluster";
import { recordTestedRefusal } from "@/domain/accounts/cluster/store";
import { readDrafted } from "@/domain/accounts/edit/store";
import { type Health, readAccount, recordHealth } from "@/domain/accounts/store";
import { inTransaction } from "@/lib/db";
import { announce } from "@/lib/events";
import type { JobContext, JobData } from "@/lib/jobs";
import { type Connection, connectionsOf, connectorContext, gapOf, readerOptions } from "../connection";
import type { World } from "../world";

/** Below the job's own expiry, so that what was found out by then is told. */
const DEADLINE_MS = 100_000;
const isBroken = ({ outcome, about }: ConnectionCheck) => outcome === "failed" && about === undefined;

/** The cloud's own steps, then the API of its clusters; the latter only where the former work. */
async function testOne(connection: Connection, signal: AbortSignal): Promise<ConnectionCheck[]> {
  const { connector, settings, secrets } = connection;
  const context = connectorContext(signal);
  const checks = await connector.test(settings, secrets, context);
  if (checks.some(isBroken)) return checks;
  // One try each: a person waits, and the scans try again by themselves.
  const options = { ...readerOptions(connection, signal), retryLimit: 0 };
  return [...checks, ...(await testClusters(connector, settings, secrets, context, options))];
}

/**
 * Runs the connection test of every connector of an account, up to what a cluster's API lets it list. The result is the job's output,
 * which the page polls. Of a draft, what the account would be is tested, and nothing is recorded. What a cluster's API
 * refuses is noted of that cluster; what one that could not be tried refuses stays as it was.
 */
export async function testConnection(
  world: World,
  data: JobData<"test-connection">,
  context: Pick<JobContext, "signal">,
): Promise<{ checks: ConnectionCheck[] }> {
  const { accountId, draftId } = data;
  const account = await (draftId === undefined ? readAccount(world.pool, accountId) : readDrafted(world.pool, draftId));
  if (account === null) {
    const message =
      draftId === undefined
        ? "This account was removed or switched off."
        : "This account was changed or removed since it was edited. Reload the page and edit it again.";
    return { checks: [{ name: "Account", outcome: "failed", message }] };
  }
  let all: ConnectionCheck[] = [];
  try {
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(DEADLINE_MS)]);
    all = (await Promise.all(connectionsOf(world, account).map((connection) => testOne(connection, signal)))).flat();
  } catch (error) {
    all = [{ name: "Connection", outcome: "failed", message: gapOf(error, "connection").message }];
  }
  // AKS and Arc sign in alike: what both say is said once.
  const checks = [...new Map(all.map((check) => [`${check.name}\n${check.message}`, check])).values()];
  if (draftId !== undefined) return { checks }; // what is stored may be as healthy as before
  const ofCloud = checks.filter(({ aliases }) => aliases === undefined);
  const worst = ofCloud.find(isBroken) ?? ofCloud.find(({ outcome }) => outcome === "failed");
  const health: Health = worst === undefined ? "healthy" : isBroken(worst) ? "failing" : "degraded";
  await inTransaction(world.pool, async (tx) => {
    await recordHealth(tx, account.id, health, worst?.message ?? null, world.clock());
    for (const { aliases, outcome, message } of all)
      if (aliases !== undefined && outcome !== "not_tested")
        await recordTestedRefusal(tx, account.id, aliases, outcome === "failed" ? message : null);
    await announce(tx, "account");
  });
  return { checks };
}

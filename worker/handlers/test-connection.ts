import type { ConnectionCheck } from "@/connectors/connector";
import { readAccount, recordHealth } from "@/domain/accounts/store";
import { announce } from "@/lib/events";
import type { JobContext, JobData } from "@/lib/jobs";
import { connectionsOf, connectorContext, gapOf } from "../connection";
import type { World } from "../world";

/** Runs the connection test of every connector of an account. The result is the job's output, which the page polls. */
export async function testConnection(
  world: World,
  data: JobData<"test-connection">,
  context: JobContext,
): Promise<{ checks: ConnectionCheck[] }> {
  const account = await readAccount(world.pool, data.accountId);
  if (account === null)
    return { checks: [{ name: "Account", outcome: "failed", message: "This account was removed or switched off." }] };
  const checks: ConnectionCheck[] = [];
  try {
    for (const { connector, settings, secrets } of connectionsOf(world, account)) {
      checks.push(...(await connector.test(settings, secrets, connectorContext(context.signal))));
    }
  } catch (error) {
    checks.push({ name: "Connection", outcome: "failed", message: gapOf(error, "connection").message });
  }
  const failed = checks.find((check) => check.outcome === "failed");
  await recordHealth(
    world.pool,
    account.id,
    failed === undefined ? "healthy" : "failing",
    failed?.message ?? null,
    world.clock(),
  );
  await announce(world.pool, "account");
  return { checks };
}

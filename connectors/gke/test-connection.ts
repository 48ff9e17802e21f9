import { type ConnectionCheck, type ConnectorContext, ConnectorError } from "../connector";
import { exchangeToken, impersonate } from "../gcp/credential";
import { type GkeClient, openClient } from "./client";
import { discoverClusters } from "./discover";
import type { GkeSettings } from "./schema";

type Step = Pick<ConnectionCheck, "name" | "about"> & { run: () => Promise<string> };

/** Runs steps in order. The first failure ends them; the rest is `not_tested`. Rejects on nothing but a fault of our own. */
async function runSteps(steps: Step[]): Promise<ConnectionCheck[]> {
  const checks: ConnectionCheck[] = [];
  let failed = false;
  for (const { run, ...step } of steps) {
    if (failed) {
      checks.push({ ...step, outcome: "not_tested", message: "An earlier step failed." });
      continue;
    }
    try {
      checks.push({ ...step, outcome: "ok", message: await run() });
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      failed = true;
      checks.push({ ...step, outcome: "failed", message: error.gap.message });
    }
  }
  return checks;
}

/** Tests an account in the order a person would repair it: identity, impersonation, listing, one cluster. */
export async function testConnection(
  settings: GkeSettings,
  secrets: Readonly<Record<string, string>>,
  context: ConnectorContext,
): Promise<ConnectionCheck[]> {
  let federated = "";
  let client: GkeClient | undefined;
  let first: string | undefined;
  try {
    return await runSteps([
      {
        name: "Exchange the identity token",
        run: async () => {
          federated = await exchangeToken(settings, secrets, context);
          return "Google accepts the workload's identity.";
        },
      },
      {
        name: "Act as the service account",
        run: async () => {
          await impersonate(settings, federated, context);
          return `Tokens for ${settings.serviceAccountEmail} can be minted.`;
        },
      },
      {
        name: "List clusters",
        run: async () => {
          client = await openClient(settings, secrets, context);
          const { clusters, complete } = await discoverClusters(client, settings.projectId);
          first = clusters[0]?.aliases[0]?.replace(/^.*\/v1\//, "");
          return `${clusters.length} ${clusters.length === 1 ? "cluster" : "clusters"}${complete ? "" : ", but the list is incomplete"}.`;
        },
      },
      {
        name: "Read one cluster",
        about: "cluster",
        run: async () => {
          if (first === undefined || client === undefined) return "There is no cluster yet.";
          await client.getCluster(first);
          return "A cluster's address can be read.";
        },
      },
    ]);
  } finally {
    await client?.close();
  }
}

import { z } from "zod";
import { discoverClusters } from "@/worker/handlers/discover-account";
import { scanOneCluster } from "@/worker/handlers/scan-cluster";
import type { World } from "@/worker/world";

const DAY = 86_400_000;

/** Sets the simulated estate's clock. */
async function setClock(control: string, now: Date): Promise<void> {
  const answer = await fetch(`${control}/clock`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ now: now.toISOString() }),
  });
  if (!answer.ok) throw new Error(`The simulated estate refused its clock: ${await answer.text()}`);
}

/**
 * Makes the demo's past by living through it: for each of `days` days the estate's clock is set, and the very handlers of
 * the worker discover and scan under that clock. No row is written by hand.
 */
export async function liveThroughHistory(
  world: World,
  control: string,
  accountIds: readonly string[],
  days: number,
  say: (line: string) => void,
): Promise<void> {
  const today = Date.now();
  for (let ago = days; ago >= 0; ago--) {
    const now = new Date(today - ago * DAY);
    await setClock(control, now);
    const then = { ...world, clock: () => now };
    const signal = AbortSignal.timeout(120_000);
    const clusters = (
      await Promise.all(
        accountIds.map((accountId) => discoverClusters(then, { accountId, trigger: "schedule" }, { signal })),
      )
    ).flat();
    // Arc's view of a cluster comes after the cloud's own, so that the two are seen to be one before any is judged twice.
    const { rows } = await world.pool.query<{ id: string }>(
      `SELECT "id" FROM "Cluster" WHERE "id" = ANY($1::uuid[]) ORDER BY "distribution" = 'arc', "id"`,
      [clusters],
    );
    const queue = rows.map((row) => row.id);
    const lane = async (): Promise<void> => {
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
        await scanOneCluster(then, { clusterId: id, trigger: "schedule" }, { signal });
      }
    };
    await Promise.all([lane(), lane(), lane()]);
    if (ago % 5 === 0) say(`history: ${ago === 0 ? "today" : `${ago} days ago`}, ${clusters.length} clusters scanned`);
  }
}

export const accountsShape = z.array(
  z.object({
    provider: z.enum(["azure", "aws", "gcp"]),
    name: z.string(),
    externalId: z.string(),
    settings: z.record(z.string(), z.unknown()),
    secrets: z.record(z.string(), z.string()),
  }),
);

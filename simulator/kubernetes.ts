import { createServer } from "node:https";
import { ContentCache } from "./content";
import type { Core } from "./core";
import { answer } from "./kubernetes-request";
import type { SimWire } from "./model";

/** Starts one TLS listener per cluster of the scenario, those that appear later included. */
export async function startKubernetes(core: Core): Promise<SimWire> {
  const cache = new ContentCache(core.world);
  const endpoints: Record<string, string> = {};
  const servers = await Promise.all(
    core.world.plans.map(async (plan) => {
      const { id } = plan.base;
      const { key, cert } = core.clusterTls(id);
      const server = createServer({ key, cert }, (req, res) => {
        answer(core, cache, plan, req, res).catch((error: unknown) => {
          process.stderr.write(`simulator: ${id}: ${String(error)}\n`);
          res.destroy();
        });
      });
      // Longer than any client's pool keeps a connection, so that none is closed under a request.
      server.keepAliveTimeout = 75_000;
      const port = await core.listen(server, `kubernetes/${id}`);
      endpoints[id] = `https://127.0.0.1:${port}`;
      core.setServer(id, `https://127.0.0.1:${port}`);
      return server;
    }),
  );
  return {
    endpoints,
    async stop() {
      await Promise.all(
        servers.map((server) => {
          const closed = new Promise<void>((resolve) => server.close(() => resolve()));
          server.closeAllConnections();
          return closed;
        }),
      );
    },
  };
}

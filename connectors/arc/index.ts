import { runSteps } from "@/connectors/azure/checks";
import { withSession } from "@/connectors/azure/session";
import { type Connector, ConnectorError } from "@/connectors/connector";
import { arcClient } from "./client";
import { accessArc } from "./credential";
import { discoverArc } from "./discover";
import { permissions } from "./permissions";
import { type ArcSettings, arcSettings } from "./schema";

/**
 * The Arc connector. `secretFields`: `arcToken:*` stands for one secret per entry of `settings.arc`, named by `arcTokenField`.
 * `discover` rejects only when Entra ID gives no token; what ARM refuses is a gap.
 */
export const connector: Connector<ArcSettings> = {
  distribution: "arc",
  provider: "azure",
  schema: arcSettings,
  secretFields: ["clientSecret", "arcToken:*"],
  permissions,
  discover: (settings, secrets, context, known) =>
    withSession(settings, secrets, context, (session) => discoverArc(arcClient(settings, session), known)),
  access: accessArc,
  async test(settings, secrets, context) {
    let names: string[] = [];
    return runSteps([
      { name: "Sign in to Entra ID", run: () => withSession(settings, secrets, context, async () => "Signed in.") },
      {
        name: "List connected clusters",
        run: () =>
          withSession(settings, secrets, context, async (session) => {
            const found = await discoverArc(arcClient(settings, session));
            const [gap] = found.gaps;
            if (gap) throw new ConnectorError(gap);
            names = found.clusters.map((cluster) => cluster.name);
            return `${names.length} ${names.length === 1 ? "cluster" : "clusters"} found.`;
          }),
      },
      {
        name: "Access to each connected cluster is entered",
        about: "cluster",
        async run() {
          for (const name of names) await accessArc(settings, secrets, { name }, context);
          return names.length === 0 ? null : `Entered for ${names.length}.`;
        },
      },
    ]);
  },
};

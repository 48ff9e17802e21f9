import { resourceId } from "@/connectors/azure/answer";
import { runSteps } from "@/connectors/azure/checks";
import { withSession } from "@/connectors/azure/session";
import { type Connector, ConnectorError, type DiscoveredCluster } from "@/connectors/connector";
import { aksClient } from "./client";
import { accessAks } from "./credential";
import { describeAks } from "./describe";
import { discoverAks } from "./discover";
import { permissions } from "./permissions";
import { type AksSettings, aksSettings } from "./schema";

/** The AKS connector. `discover` rejects only when Entra ID gives no token; what ARM refuses is a gap. */
export const connector: Connector<AksSettings> = {
  distribution: "aks",
  provider: "azure",
  schema: aksSettings,
  secretFields: ["clientSecret"],
  permissions,
  discover: (settings, secrets, context, known) =>
    withSession(settings, secrets, context, (session) => discoverAks(aksClient(settings, session), known)),
  access: accessAks,
  async test(settings, secrets, context) {
    let first: Pick<DiscoveredCluster, "name" | "aliases" | "managed"> | undefined;
    const throwGap = (listing: { gap?: ConnectorError["gap"] }) => {
      if (listing.gap) throw new ConnectorError(listing.gap);
    };
    return runSteps([
      { name: "Sign in to Entra ID", run: () => withSession(settings, secrets, context, async () => "Signed in.") },
      {
        name: "List AKS clusters",
        run: () =>
          withSession(settings, secrets, context, async (session) => {
            const listing = await aksClient(settings, session).clusters();
            throwGap(listing);
            const [cluster] = listing.items;
            const ref = resourceId(cluster?.id);
            if (ref) first = { name: ref.name, aliases: [ref.id], managed: describeAks({ cluster }) };
            return `${listing.items.length} ${listing.items.length === 1 ? "cluster" : "clusters"} found.`;
          }),
      },
      {
        name: "Read node pools",
        about: "cluster",
        async run() {
          const ref = resourceId(first?.aliases[0]);
          if (!ref) return null;
          return withSession(settings, secrets, context, async (session) => {
            throwGap(await aksClient(settings, session).pools(ref));
            return `Read those of ${ref.name}.`;
          });
        },
      },
      {
        name: "Obtain access to a cluster",
        about: "cluster",
        async run() {
          if (!first) return null;
          const access = await accessAks(settings, secrets, first, context);
          await access.token();
          return `${first.name} is at ${access.server}; a token was obtained.`;
        },
      },
    ]);
  },
};

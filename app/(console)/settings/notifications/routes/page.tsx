import type { Metadata } from "next";
import { Empty } from "@/components/empty";
import { plural } from "@/components/format";
import { Section } from "@/components/section";
import { requireScope } from "@/domain/access/session";
import { RouteDialog } from "@/domain/notifications/components/route-form";
import { RouteTable } from "@/domain/notifications/components/route-table";
import { listRoutes, routeChoices } from "@/domain/notifications/queries";
import { mayManage, NeedsAdmin } from "../needs-admin";

export const metadata: Metadata = { title: "Notification routes" };

export default async function RoutesPage() {
  const scope = await requireScope();
  if (!mayManage(scope)) return <NeedsAdmin />;
  const [routes, choices] = await Promise.all([listRoutes(scope), routeChoices(scope)]);
  return (
    <Section title="Routes" remark={`${plural(routes.length, "route")}; whoever several of them name is told once`}>
      {routes.length === 0 ? (
        <Empty title="Nobody is told of anything">
          <p>Without a route no event is mailed. Make one for the Owners at least.</p>
        </Empty>
      ) : (
        <RouteTable routes={routes} choices={choices} />
      )}
      <div className="acts">
        <RouteDialog choices={choices} />
      </div>
      <p className="note" style={{ marginTop: 16, maxWidth: 640 }}>
        A person gets only what lies in accounts that he may see, at the time of sending. An address outside Seawall
        gets all that its route lets through.
      </p>
    </Section>
  );
}

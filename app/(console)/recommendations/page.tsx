import type { Metadata } from "next";
import { Empty } from "@/components/empty";
import { plural } from "@/components/format";
import { PageHead, Section } from "@/components/section";
import { requireScope } from "@/domain/access/session";
import { FirstRun } from "@/domain/accounts/components/first-run";
import { navigationCounts } from "@/domain/accounts/queries";
import { RecommendationTable } from "@/domain/posture/components/tables";
import { accountTotals, controlCatalogue, listRecommendations } from "@/domain/posture/queries";

export const metadata: Metadata = { title: "Recommendations" };

export default async function RecommendationsPage() {
  const scope = await requireScope();
  const [totals, controls, counts] = await Promise.all([
    accountTotals(scope),
    controlCatalogue(),
    navigationCounts(scope),
  ]);
  if (counts.accounts === 0) return <FirstRun scope={scope} />;
  const rows = await listRecommendations(scope, totals);
  return (
    <>
      <PageHead
        title="Recommendations"
        sub={`${rows.length} of ${plural(controls.size, "control")} have unhealthy resources`}
      />
      <Section title="By potential increase" remark="Increases need not add up: one resource may fail several controls">
        {rows.length > 0 ? (
          <RecommendationTable rows={rows} />
        ) : totals.size === 0 ? (
          <div className="banner hat">
            <span>No scan has ended yet, so nothing can be recommended.</span>
          </div>
        ) : (
          <Empty title="Nothing to recommend">
            <p>
              Every control that could be evaluated holds. What could not be evaluated is on the overview, under
              coverage.
            </p>
          </Empty>
        )}
      </Section>
    </>
  );
}

import type { ExportTable } from "@/lib/http/export";
import { SCORE_GROUPS } from "../../schema";
import type { RecommendationItem } from "../schema";

/** Recommendations as a file, Defender's names first. */
export const recommendationTable: ExportTable<RecommendationItem> = {
  name: "recommendations",
  version: 1,
  columns: [
    { name: "recommendationId", of: (item) => item.id },
    { name: "recommendationName", of: (item) => item.name },
    { name: "recommendationDisplayName", of: (item) => item.title },
    { name: "severity", of: (item) => item.severity },
    { name: "resourceState", of: (item) => item.state },
    { name: "controls", of: (item) => SCORE_GROUPS[item.group].title },
    { name: "unhealthyResources", of: (item) => item.unhealthy },
    { name: "healthyResources", of: (item) => item.healthy },
    { name: "notEvaluatedResources", of: (item) => item.notEvaluated },
    { name: "notApplicableResources", of: (item) => item.notApplicable },
    { name: "clusters", of: (item) => item.clusters },
    { name: "potentialIncrease", of: (item) => item.increase },
    { name: "effort", of: (item) => item.effort },
    { name: "maturity", of: (item) => item.maturity },
    { name: "exemptedResources", of: (item) => item.exempted },
  ],
};

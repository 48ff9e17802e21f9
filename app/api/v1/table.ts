import "server-only";
import { z } from "zod";
import { clusterTable } from "@/domain/inventory/cluster/export/column";
import { clusterCounts, clusterPage, exportClusters } from "@/domain/inventory/cluster/queries";
import { CLUSTER_FACETS, clusterFilter, clusterItem, clusterQuery } from "@/domain/inventory/cluster/schema";
import { itemCounts } from "@/domain/inventory/item/count/counts";
import { itemTable } from "@/domain/inventory/item/export/column";
import { exportItems, itemPage } from "@/domain/inventory/item/queries";
import { ITEM_FACETS, inventoryItem, itemFilter, itemQuery } from "@/domain/inventory/item/schema";
import { scanTable } from "@/domain/inventory/scan/export/column";
import { exportScans, scanCounts, scanPage } from "@/domain/inventory/scan/queries";
import { SCAN_FACETS, scanFilter, scanItem, scanQuery } from "@/domain/inventory/scan/schema";
import { findingCounts } from "@/domain/posture/finding/count/counts";
import { findingTable } from "@/domain/posture/finding/export/column";
import { exportFindings } from "@/domain/posture/finding/export/queries";
import { findingPage } from "@/domain/posture/finding/page/queries";
import { FINDING_FACETS, findingFilter, findingItem, findingQuery } from "@/domain/posture/finding/schema";
import { controlCatalogue } from "@/domain/posture/queries";
import { recommendationTable } from "@/domain/posture/recommendation/export/column";
import { exportRecommendations, recommendationCounts, recommendationPage } from "@/domain/posture/recommendation/list";
import {
  RECOMMENDATION_FACETS,
  recommendationFilter,
  recommendationItem,
  recommendationQuery,
} from "@/domain/posture/recommendation/schema";
import { scoreTable } from "@/domain/posture/score/export/column";
import { exportScores, scoreCounts, scorePage } from "@/domain/posture/score/queries";
import { SCORE_FACETS, scoreFilter, scoreItem, scoreQuery } from "@/domain/posture/score/schema";
import { ACCOUNT_ROUTES } from "./accounts";
import { baseUrl } from "./base-url";
import { COMPLIANCE_ROUTES } from "./compliance";
import { type Route, route } from "./define";
import { DETAIL_ROUTES } from "./detail";
import { describe } from "./document";
import { EXEMPTION_ROUTES } from "./exemptions";
import { listRoutes } from "./list";
import { PARAMETER_ROUTES } from "./parameters";
import { WRITE_ROUTES } from "./write";

/** Every address of /api/v1 but the event stream: served from here, and described from here. What is not in it does not exist. */
export const ROUTES: readonly Route[] = [
  route({
    ...{ method: "GET", path: "/", tag: "Reference", summary: "Where to begin" },
    ...{ needs: "read", role: "Security Reader" },
    answers: {
      status: 200,
      description: "Links",
      schema: z.object({ version: z.literal("1"), openapi: z.url(), reference: z.url(), events: z.url() }),
    },
    handle: async ({ request }) => {
      const server = baseUrl(request);
      const api = `${server}/api/v1`;
      return { version: "1", openapi: `${api}/openapi.json`, reference: `${server}/api`, events: `${api}/events` };
    },
  }),
  route({
    ...{ method: "GET", path: "/openapi.json", tag: "Reference", summary: "This reference as OpenAPI 3.1" },
    ...{ needs: "read", role: "Security Reader" },
    answers: { status: 200, description: "The document", schema: z.record(z.string(), z.unknown()) },
    handle: async ({ request }) => describe(ROUTES, baseUrl(request)),
  }),
  ...listRoutes({
    ...{ name: "findings", tag: "Findings", rows: "findings" },
    ...{ filter: findingFilter, query: findingQuery, item: findingItem, facets: FINDING_FACETS },
    page: findingPage,
    counts: findingCounts,
    table: async (base, at) => findingTable(await controlCatalogue(), base, at),
    all: exportFindings,
  }),
  ...listRoutes({
    ...{ name: "recommendations", tag: "Recommendations", rows: "recommendations" },
    ...{
      filter: recommendationFilter,
      query: recommendationQuery,
      item: recommendationItem,
      facets: RECOMMENDATION_FACETS,
    },
    page: recommendationPage,
    counts: recommendationCounts,
    table: async () => recommendationTable,
    all: exportRecommendations,
  }),
  ...listRoutes({
    ...{ name: "inventory", tag: "Inventory", rows: "workloads, pods and running images" },
    ...{ filter: itemFilter, query: itemQuery, item: inventoryItem, facets: ITEM_FACETS },
    page: itemPage,
    counts: itemCounts,
    table: async () => itemTable,
    all: exportItems,
  }),
  ...listRoutes({
    ...{ name: "clusters", tag: "Clusters", rows: "clusters" },
    ...{ filter: clusterFilter, query: clusterQuery, item: clusterItem, facets: CLUSTER_FACETS },
    page: clusterPage,
    counts: clusterCounts,
    table: async () => clusterTable,
    all: exportClusters,
  }),
  ...listRoutes({
    ...{ name: "scans", tag: "Scans", rows: "scans" },
    ...{ filter: scanFilter, query: scanQuery, item: scanItem, facets: SCAN_FACETS },
    page: scanPage,
    counts: scanCounts,
    table: async () => scanTable,
    all: exportScans,
  }),
  ...listRoutes({
    ...{ name: "score-history", tag: "Score", rows: "score points" },
    ...{ filter: scoreFilter, query: scoreQuery, item: scoreItem, facets: SCORE_FACETS },
    page: scorePage,
    counts: scoreCounts,
    table: async () => scoreTable,
    all: exportScores,
  }),
  ...DETAIL_ROUTES,
  ...COMPLIANCE_ROUTES,
  ...PARAMETER_ROUTES,
  ...EXEMPTION_ROUTES,
  ...ACCOUNT_ROUTES,
  ...WRITE_ROUTES,
];

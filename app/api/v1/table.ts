import "server-only";
import { findingCounts } from "@/domain/posture/finding/count/counts";
import { findingTable } from "@/domain/posture/finding/export/column";
import { exportFindings } from "@/domain/posture/finding/export/queries";
import { findingPage } from "@/domain/posture/finding/page/queries";
import {
  FINDING_FACETS,
  type FindingFacet,
  findingFilter,
  findingItem,
  findingQuery,
} from "@/domain/posture/finding/schema";
import { controlCatalogue } from "@/domain/posture/queries";
import type { Route } from "./define";
import { listRoutes } from "./list";

/** Every address of /api/v1 but the event stream: served from here, and described from here. What is not in it does not exist. */
export const ROUTES: readonly Route[] = [
  ...listRoutes({
    name: "findings",
    tag: "Findings",
    rows: "findings",
    filter: findingFilter,
    query: findingQuery,
    item: findingItem,
    facets: FINDING_FACETS,
    page: findingPage,
    counts: findingCounts,
    table: async (base, at) => findingTable(await controlCatalogue(), base, at),
    all: exportFindings,
  }),
];

import "server-only";
import { z } from "zod";
import { findAccount, listAccounts, readTest } from "@/domain/accounts/queries";
import { readCluster } from "@/domain/inventory/cluster/detail/queries";
import { clusterDetail } from "@/domain/inventory/cluster/schema";
import { listChanges } from "@/domain/inventory/history/queries";
import { RESOURCE_CHANGES } from "@/domain/inventory/history/schema";
import { readFinding } from "@/domain/posture/finding/page/queries";
import { findingDetail } from "@/domain/posture/finding/schema";
import { readRecommendation } from "@/domain/posture/recommendation/list";
import { recommendationDetail, recommendationFilter } from "@/domain/posture/recommendation/schema";
import { readScorePoint } from "@/domain/posture/score/detail/queries";
import { scoreDetail } from "@/domain/posture/score/schema";
import { momentSchema } from "@/lib/http/answer";
import { Problem } from "@/lib/http/problem";
import { uuid } from "@/lib/uuid";
import { accountOf, accountSchema, readAccount } from "./account";
import { type Route, route } from "./define";

const reads = { method: "GET", needs: "read", role: "Security Reader" } as const;
const byId = z.object({ id: uuid() });

/** What is not there and what may not be seen give the same answer. */
async function found<T extends object>(what: string, reading: Promise<T | null>): Promise<T> {
  const answer = await reading;
  if (answer === null) throw new Problem("not-found", `There is no such ${what}.`);
  return answer;
}

const changeSchema = z
  .object({
    id: z.uuid(),
    at: momentSchema,
    scanId: z.uuid(),
    change: z.enum(RESOURCE_CHANGES).meta({ description: "`changed`: labels, annotations or specification" }),
    apiGroup: z.string(),
    kind: z.string(),
    namespace: z.string(),
    name: z.string(),
  })
  .meta({ id: "ResourceChange" });

const testSchema = z
  .object({
    state: z.enum(["waiting", "running", "done", "failed", "none"]),
    checks: z.array(
      z.object({ name: z.string(), outcome: z.enum(["ok", "failed", "not_tested"]), message: z.string() }),
    ),
  })
  .meta({ id: "ConnectionTest" });

/** One thing each. */
export const DETAIL_ROUTES: readonly Route[] = [
  route({
    ...{ ...reads, path: "/findings/{id}", tag: "Findings", summary: "One finding with its history" },
    params: byId,
    answers: { status: 200, description: "The finding", schema: findingDetail },
    handle: ({ scope, params }) => found("finding", readFinding(scope, params.id)),
  }),
  route({
    ...{
      ...reads,
      path: "/recommendations/{id}",
      tag: "Recommendations",
      summary: "One recommendation with its control",
    },
    params: z.object({ id: z.string().regex(/^SW-\d{4}$/) }),
    query: recommendationFilter.pick({ account: true, distribution: true, cluster: true }),
    answers: { status: 200, description: "The recommendation", schema: recommendationDetail },
    handle: ({ scope, params, query }) => found("recommendation", readRecommendation(scope, params.id, query)),
  }),
  route({
    ...{ ...reads, path: "/clusters/{id}", tag: "Clusters", summary: "One cluster with its facts and roll-ups" },
    params: byId,
    answers: { status: 200, description: "The cluster", schema: clusterDetail },
    handle: ({ scope, params }) => found("cluster", readCluster(scope, params.id)),
  }),
  route({
    ...{
      ...reads,
      path: "/clusters/{id}/changes",
      tag: "Clusters",
      summary: "What scans saw come, change and go in a cluster, newest first",
    },
    params: byId,
    query: z.object({
      before: z.uuid().optional().meta({ description: "A change's id: those before it, the next page" }),
    }),
    answers: { status: 200, description: "At most 200 changes", schema: z.object({ items: z.array(changeSchema) }) },
    handle: async ({ scope, params, query }) => {
      await found("cluster", readCluster(scope, params.id));
      const changes = await listChanges(scope, params.id, query.before ?? null, 200);
      return { items: changes.map((change) => ({ ...change, at: change.at.toISOString() })) };
    },
  }),
  route({
    ...{ ...reads, path: "/score-history/{id}", tag: "Score", summary: "One score point with its ledger and groups" },
    params: byId,
    answers: { status: 200, description: "The point", schema: scoreDetail },
    handle: ({ scope, params }) => found("score point", readScorePoint(scope, params.id)),
  }),
  route({
    ...{ ...reads, path: "/accounts", tag: "Accounts", summary: "All accounts" },
    answers: {
      status: 200,
      description: "Accounts by provider and name",
      schema: z.object({ items: z.array(accountSchema) }),
    },
    handle: async ({ scope }) => ({ items: (await listAccounts(scope)).map(accountOf) }),
  }),
  route({
    ...{ ...reads, path: "/accounts/{id}", tag: "Accounts", summary: "One account; never its secrets" },
    params: byId,
    answers: { status: 200, description: "The account", schema: accountSchema },
    handle: ({ scope, params }) => found("account", readAccount(scope, params.id)),
  }),
  route({
    ...{ ...reads, path: "/accounts/{id}/test", tag: "Accounts", summary: "The newest connection test of an account" },
    params: byId,
    answers: { status: 200, description: "The test", schema: testSchema },
    handle: async ({ scope, params }) => {
      await found("account", findAccount(scope, params.id));
      return readTest(scope, params.id);
    },
  }),
];

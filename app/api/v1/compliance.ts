import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import { AttestationError, attest, withdraw } from "@/domain/benchmark/attestation/mutations";
import { attestationsOf } from "@/domain/benchmark/attestation/queries";
import { attestationInput, attestationItem } from "@/domain/benchmark/attestation/schema";
import { findBenchmark } from "@/domain/benchmark/catalogue";
import { changeSchema, changesBetween } from "@/domain/benchmark/change";
import { auditTable } from "@/domain/benchmark/export/column";
import { exportCompliance } from "@/domain/benchmark/export/queries";
import { complianceHistory } from "@/domain/benchmark/history/queries";
import { fileName, type Place, placeOf } from "@/domain/benchmark/place";
import { listBenchmarks, type NamedPlace, readBenchmark, readPlace } from "@/domain/benchmark/report/queries";
import { benchmarkItem, benchmarkReport, dayPoint, requirementDetail } from "@/domain/benchmark/report/schema";
import { readRequirement } from "@/domain/benchmark/requirement/queries";
import { exemptionsParameter } from "@/domain/inventory/exemptions-parameter";
import { EXPORT_FORMATS, MEDIA_TYPE } from "@/lib/http/export";
import { id as idParameter, oneOf } from "@/lib/http/parameter";
import { Problem } from "@/lib/http/problem";
import { uuid } from "@/lib/uuid";
import { type Route, route } from "./define";
import { exportResponse } from "./export";
import { reportResponse } from "./report";

const reads = { method: "GET", tag: "Compliance", needs: "read", role: "Security Reader" } as const;
const writes = { method: "POST", tag: "Compliance", needs: "write", role: "Security Admin" } as const;
const benchmark = z.string().regex(/^[a-z0-9.-]{1,60}$/);
const requirement = z.string().regex(/^[A-Za-z0-9._-]{1,40}$/);
const placeParameters = {
  account: idParameter("Look at this account only."),
  cluster: idParameter("Look at this cluster only."),
  exemptions: exemptionsParameter("States"),
};
const inPlace = z.strictObject(placeParameters);

/** The place that was asked for, by name. Throws a 404 where there is none, or it may not be seen: the two give the same answer. */
async function namedPlace(scope: AccountScope, query: z.output<typeof inPlace>): Promise<NamedPlace> {
  const place = placeOf(query);
  const found = await readPlace(scope, place);
  if (found === null) throw new Problem("not-found", `There is no such ${place.scope}.`);
  return found;
}
const placeFor = async (scope: AccountScope, query: z.output<typeof inPlace>): Promise<Place> =>
  (await namedPlace(scope, query)).place;
async function found<T extends object>(what: string, reading: Promise<T | null>): Promise<T> {
  const answer = await reading;
  if (answer === null) throw new Problem("not-found", `There is no such ${what}.`);
  return answer;
}
/** What cannot be attested, as a problem. */
async function told<T>(change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    if (error instanceof AttestationError) throw new Problem(error.missing ? "not-found" : "conflict", error.message);
    throw error;
  }
}
function requireBenchmark(id: string): void {
  if (findBenchmark(id) === null) throw new Problem("not-found", "There is no such benchmark.");
}

/** Benchmarks: how they stand, why, what people attest, and files for auditors. */
export const COMPLIANCE_ROUTES: readonly Route[] = [
  route({
    ...{ ...reads, path: "/compliance", summary: "All benchmarks with score and coverage" },
    query: inPlace,
    answers: { status: 200, description: "Benchmarks", schema: z.object({ items: z.array(benchmarkItem) }) },
    handle: async ({ scope, query }) => ({ items: await listBenchmarks(scope, await placeFor(scope, query)) }),
  }),
  route({
    ...{ ...reads, path: "/compliance/{benchmark}", summary: "One benchmark with its sections and requirements" },
    params: z.object({ benchmark }),
    query: inPlace,
    answers: { status: 200, description: "The benchmark", schema: benchmarkReport },
    handle: async ({ scope, params, query }) =>
      found("benchmark", readBenchmark(scope, params.benchmark, await placeFor(scope, query))),
  }),
  route({
    ...{ ...reads, path: "/compliance/{benchmark}/history", summary: "Score and coverage by day, 90 days" },
    params: z.object({ benchmark }),
    query: inPlace,
    answers: { status: 200, description: "Days, oldest first", schema: z.object({ items: z.array(dayPoint) }) },
    handle: async ({ scope, params, query }) => {
      requireBenchmark(params.benchmark);
      const place = await placeFor(scope, query);
      return { items: (await complianceHistory(scope, place, 90, params.benchmark)).get(params.benchmark) ?? [] };
    },
  }),
  route({
    ...{ ...reads, path: "/compliance/{benchmark}/changes", summary: "What differs from the version before" },
    params: z.object({ benchmark }),
    answers: {
      status: 200,
      description: "Differences; none where there is no version before",
      schema: z.object({ previous: z.string().nullable(), items: z.array(changeSchema) }),
    },
    handle: async ({ params }) => {
      requireBenchmark(params.benchmark);
      const now = findBenchmark(params.benchmark);
      const before = now?.previous === undefined ? null : findBenchmark(now.previous);
      return now === null || before === null
        ? { previous: null, items: [] }
        : { previous: before.id, items: changesBetween(before, now) };
    },
  }),
  route({
    ...{
      ...reads,
      path: "/compliance/{benchmark}/requirements/{requirement}",
      summary: "One requirement: controls, clusters, facts, attestations",
    },
    params: z.object({ benchmark, requirement }),
    query: inPlace,
    answers: { status: 200, description: "The requirement", schema: requirementDetail },
    handle: async ({ scope, params, query }) =>
      found("requirement", readRequirement(scope, params.benchmark, params.requirement, await placeFor(scope, query))),
  }),
  route({
    ...{ ...reads, path: "/compliance/{benchmark}/attestations", summary: "What people attested, newest first" },
    params: z.object({ benchmark }),
    answers: {
      status: 200,
      description: "Attestations, at most 100",
      schema: z.object({ items: z.array(attestationItem) }),
    },
    handle: async ({ scope, params }) => {
      requireBenchmark(params.benchmark);
      return { items: await attestationsOf(scope, params.benchmark, null) };
    },
  }),
  route({
    ...{
      ...reads,
      path: "/compliance/{benchmark}/export",
      needs: "export",
      summary: "The auditor's file: every requirement and assessment",
    },
    description:
      "For each requirement and cluster one line (`record` is requirement), behind it one for each assessment that it was made from. Streamed from one moment of the database, without a limit of rows.",
    params: z.object({ benchmark }),
    query: z.strictObject({
      ...placeParameters,
      format: oneOf(EXPORT_FORMATS, "The file's format; CSV when not given."),
    }),
    answers: { status: 200, description: "The file", media: EXPORT_FORMATS.map((format) => MEDIA_TYPE[format]) },
    handle: async ({ scope, params, query: { format, ...asked } }) => {
      requireBenchmark(params.benchmark);
      const at = await namedPlace(scope, asked);
      const response = await exportResponse(scope, format ?? "csv", async () => ({
        table: auditTable,
        rows: await found("benchmark", exportCompliance(scope, params.benchmark, at.place)),
      }));
      const name = fileName(params.benchmark, at, format ?? "csv");
      response.headers.set("Content-Disposition", `attachment; filename="${name}"`);
      return response;
    },
  }),
  route({
    ...{ ...reads, path: "/compliance/{benchmark}/report", needs: "export", summary: "The printed report (PDF)" },
    params: z.object({ benchmark }),
    query: inPlace,
    answers: { status: 200, description: "The report", media: ["application/pdf"] },
    handle: async ({ scope, params, query }) => {
      requireBenchmark(params.benchmark);
      return reportResponse(scope, params.benchmark, await namedPlace(scope, query));
    },
  }),
  route({
    ...{ ...writes, path: "/attestations", summary: "Attest a manual requirement at a place" },
    description:
      "It replaces what was attested of the same requirement at the same place. The very same again changes nothing.",
    body: attestationInput,
    answers: { status: 200, description: "Attested", schema: z.object({ id: z.uuid() }) },
    handle: async ({ scope, body }) => ({ id: await told(attest(scope, body)) }),
  }),
  route({
    ...{ ...writes, path: "/attestations/{id}/withdraw", summary: "Withdraw an attestation" },
    params: z.object({ id: uuid() }),
    answers: { status: 200, description: "Withdrawn, or over already", schema: z.object({ done: z.literal(true) }) },
    handle: async ({ scope, params }) => {
      await told(withdraw(scope, params.id));
      return { done: true } as const;
    },
  }),
];

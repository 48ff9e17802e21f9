import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { DISTRIBUTIONS, type Distribution } from "@/domain/inventory/schema";
import { stepsFor } from "@/domain/posture/components/remediation";
import { findingPage } from "@/domain/posture/finding/page/queries";
import { controlCatalogue } from "@/domain/posture/queries";
import { type Control, SEVERITY_RANK } from "@/domain/posture/schema";
import { pool } from "@/lib/db";
import { attestedAt } from "../attestation/live/queries";
import { findBenchmark } from "../catalogue";
import { HISTORY_DAYS } from "../components/words";
import { placeWhere, readControlCounts } from "../evidence/queries";
import { exemptionsAt } from "../exemption/queries";
import { dayIn, upToNow } from "../history/now";
import { complianceHistory } from "../history/queries";
import { controlsOf } from "../load";
import type { Place } from "../place";
import { readBenchmark, readPlace } from "../report/queries";
import type { BenchmarkReport, RequirementItem } from "../report/schema";
import { failingQuery } from "../requirement/failing";
import { REQUIREMENT_STATES, type Requirement, type RequirementState } from "../schema";
import { outsideWords } from "../version";
import type { ReportView } from "./view";

/** So many of each that the worst requirements, and what to do first, fit on a page. */
const MOST = {
  worst: 12,
  examples: 2,
  controls: 6,
  first: 10,
  manual: 120,
  attested: 60,
  exemptions: 30,
  sources: 60,
} as const;
const STEPS = 420;
const KINDS = { fleet: "all accounts and clusters", account: "account", cluster: "cluster" } as const;
const moment = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone }).format(at);
/** Days of an end are UTC's, as they are entered. */
const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

const countStates = (items: readonly RequirementItem[]): Record<RequirementState, number> =>
  Object.fromEntries(
    REQUIREMENT_STATES.map((state) => [state, items.filter((item) => item.state === state).length]),
  ) as Record<RequirementState, number>; // every state is there

async function readSources(scope: AccountScope, place: Place, distributions: readonly string[]) {
  const where = placeWhere(scope, place).any("c.distribution", distributions, "text");
  const { rows } = await pool().query<{ name: string; account: string; distribution: string; lastScanAt: Date | null }>(
    `SELECT c.name, a.name AS account, c.distribution, c."lastScanAt" FROM "Cluster" c JOIN "Account" a ON a.id = c."accountId" WHERE ${where.sql} ORDER BY a.name, c.name, c.id`,
    where.values,
  );
  return rows;
}

/** Which distributions the clusters have on which a control fails at a place, by control. */
async function readFailingOn(scope: AccountScope, place: Place, distributions: readonly string[]) {
  const where = placeWhere(scope, place).any("c.distribution", distributions, "text");
  const lifted = `r."liftHealthy" + r."liftNotApplicable" + r."liftNotEvaluated"`;
  const { rows } = await pool().query<{ control: string; distribution: string }>(
    `SELECT DISTINCT r."controlId" AS control, c.distribution FROM "ControlRollup" r JOIN "Cluster" c ON c.id = r."clusterId"
     WHERE r.unhealthy${place.exemptions === "without" ? ` + ${lifted}` : ""} > 0 AND ${where.sql}`,
    where.values,
  );
  return (control: string): Distribution[] =>
    DISTRIBUTIONS.filter((each) => rows.some((row) => row.control === control && row.distribution === each));
}

/** What to do on these distributions: once where it is the same on all of them, else of each with its name. */
export function stepsOf(control: Control, distributions: readonly Distribution[]): string {
  const by = new Map<string, Distribution[]>();
  for (const each of distributions) {
    const steps = stepsFor(control, each).steps.trim().replaceAll("`", "");
    by.set(steps, [...(by.get(steps) ?? []), each]);
  }
  const text = [...by]
    .map(([steps, on]) => (by.size === 1 ? steps : `${on.map((each) => each.toUpperCase()).join(", ")}: ${steps}`))
    .join(" ");
  return text.length > STEPS ? `${text.slice(0, STEPS)}…` : text;
}
const worstOf = (controls: readonly (Control | undefined)[]): Control | undefined =>
  controls.reduce((worst, each) =>
    each !== undefined && (worst === undefined || SEVERITY_RANK[each.severity] > SEVERITY_RANK[worst.severity])
      ? each
      : worst,
  );

/** Gathers the printed report. Null when there is no such benchmark or place. */
export async function readReportView(
  scope: AccountScope,
  benchmarkId: string,
  place: Place,
  timeZone: string,
): Promise<ReportView | null> {
  const benchmark = findBenchmark(benchmarkId);
  const where = await readPlace(scope, place);
  if (benchmark === null || where === null) return null;
  const distributions = benchmark.distributions ?? [];
  const [report, controls, counts, failingOn, history, said, held, sources] = await Promise.all([
    readBenchmark(scope, benchmarkId, place),
    controlCatalogue(),
    readControlCounts(scope, place, distributions, null),
    readFailingOn(scope, place, distributions),
    complianceHistory(scope, place, HISTORY_DAYS, benchmarkId),
    attestedAt(scope, benchmarkId, where, MOST.attested),
    exemptionsAt(scope, where, distributions, [...controlsOf(benchmark)], MOST.exemptions),
    readSources(scope, place, distributions),
  ]);
  if (report === null) return null;
  const kept = history.get(benchmarkId) ?? [];
  const unhealthy = new Map([...counts].map(([id, each]) => [id, each.unhealthy]));
  const items = report.sections.flatMap(({ requirements }) => requirements);
  const texts = new Map(
    benchmark.sections.flatMap(({ requirements }) =>
      requirements.map((each): [string, Requirement] => [each.id, each]),
    ),
  );
  const failing = failingOf(items, controls, unhealthy);
  const worst = await Promise.all(
    failing.slice(0, MOST.worst).map(async ({ item, control, findings }) => ({
      ...{ id: item.id, title: item.title, failing: item.tally.failed, clusters: report.clusters, findings },
      severity: control?.severity ?? "",
      examples: item.controls.length === 0 ? [] : await examplesOf(scope, place, distributions, item.controls),
    })),
  );
  return {
    ...{ title: report.title, version: report.version, publisher: report.publisher },
    about: [report.about, outsideWords(report.kubernetes, report.outside)].filter((words) => words !== null).join(" "),
    ...{
      place: where.name,
      placeKind: KINDS[place.scope],
      at: moment(new Date(), timeZone),
      by: scope.actor,
      timeZone,
    },
    ...{ counted: place.exemptions ?? ("with" as const), scoreWithoutExemptions: report.scoreWithoutExemptions },
    ...{ score: report.score, coverage: report.coverage, tally: report.tally, states: countStates(items) },
    ...{ requirements: report.requirements, clusters: report.clusters },
    history: (place.exemptions === "without" ? kept : upToNow(kept, report, dayIn(new Date(), timeZone))).map(
      ({ day, score }) => ({ day, score }),
    ),
    sections: report.sections.map(({ id, title, tally, requirements }) => ({
      ...{ id, title, tally, requirements: requirements.length },
      states: countStates(requirements),
    })),
    worst,
    first: firstSteps(report, controls, unhealthy, failingOn),
    manual: items
      .filter(({ state, tally }) => state === "manual" || tally.manual > 0)
      .slice(0, MOST.manual)
      .map(({ id, title, tally }) => ({
        id,
        title,
        look: (texts.get(id)?.manual?.look ?? "").replaceAll("`", ""),
        clusters: tally.manual,
      })),
    attested: said.items.map(({ requirement, place: name, state, evidence, link, by, until }) => ({
      ...{ id: requirement, title: texts.get(requirement)?.title ?? "", place: name || "Everything" },
      ...{ state, evidence, link: link ?? "", by, until: dayOf(until) },
    })),
    moreAttested: said.more,
    exemptions: held.items.map(({ type, requestedBy, expiresAt, ...each }) => ({
      ...{
        ...each,
        kind: type ?? ("unreadable" as const),
        by: requestedBy,
        until: expiresAt === null ? "no end" : dayOf(expiresAt),
      },
    })),
    moreExemptions: held.more,
    all: items.map(({ id, title, state, decidedBy, tally }) => ({ id, title, state, decidedBy, tally })),
    sources: sources.slice(0, MOST.sources).map(({ name, account, distribution, lastScanAt }) => ({
      ...{ name, account, distribution },
      collectedAt: lastScanAt === null ? "never" : moment(lastScanAt, timeZone),
    })),
    moreSources: Math.max(0, sources.length - MOST.sources),
  };
}

type Unhealthy = ReadonlyMap<string, number>;
/** Failing requirements, the worst first: by severity of what fails, then by clusters, then by findings. */
function failingOf(items: readonly RequirementItem[], controls: ReadonlyMap<string, Control>, unhealthy: Unhealthy) {
  const rank = (control: Control | undefined) => (control === undefined ? -1 : SEVERITY_RANK[control.severity]);
  return items
    .filter(({ state }) => state === "failed")
    .map((item) => {
      const bad = item.controls.filter((id) => (unhealthy.get(id) ?? 0) > 0);
      const findings = bad.reduce((sum, id) => sum + (unhealthy.get(id) ?? 0), 0);
      return { item, findings, control: worstOf([undefined, ...bad.map((id) => controls.get(id))]) };
    })
    .sort(
      (a, b) =>
        rank(b.control) - rank(a.control) || b.item.tally.failed - a.item.tally.failed || b.findings - a.findings,
    );
}

/** Some resources that fail, each once, however many of the controls it fails. */
async function examplesOf(
  scope: AccountScope,
  place: Place,
  distributions: readonly string[],
  control: readonly string[],
): Promise<string[]> {
  const query = failingQuery(place, distributions, control);
  const page = await findingPage(scope, { ...query, size: MOST.examples * MOST.controls });
  const named = page.items.map(({ kind, namespace, name, cluster }) =>
    kind === "ManagedCluster"
      ? `Settings of ${cluster.name}`
      : `${kind} ${namespace === "" ? "" : `${namespace}/`}${name} in ${cluster.name}`,
  );
  return [...new Set(named)].slice(0, MOST.examples);
}

/** What to do first: controls that keep most requirements from being met, of the highest severity. */
function firstSteps(
  report: BenchmarkReport,
  controls: ReadonlyMap<string, Control>,
  unhealthy: Unhealthy,
  failingOn: (control: string) => Distribution[],
) {
  const held = new Map<string, number>();
  for (const { requirements } of report.sections)
    for (const item of requirements)
      for (const id of item.controls) if ((unhealthy.get(id) ?? 0) > 0) held.set(id, (held.get(id) ?? 0) + 1);
  return [...held]
    .flatMap(([id, requirements]) => {
      const control = controls.get(id);
      return control === undefined ? [] : [{ control, requirements, resources: unhealthy.get(id) ?? 0 }];
    })
    .sort(
      (a, b) =>
        SEVERITY_RANK[b.control.severity] - SEVERITY_RANK[a.control.severity] ||
        b.requirements - a.requirements ||
        b.resources - a.resources,
    )
    .slice(0, MOST.first)
    .map(({ control, requirements, resources }) => ({
      ...{ id: control.id, title: control.title, severity: control.severity, effort: control.remediation.effort },
      ...{ requirements, resources, steps: stepsOf(control, failingOn(control.id)) },
    }));
}

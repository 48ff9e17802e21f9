import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Empty } from "@/components/empty";
import { count, plural } from "@/components/format";
import { Name } from "@/components/name";
import { Prose } from "@/components/prose";
import { PageHead, Section } from "@/components/section";
import { hasRole } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { MOST_DAYS } from "@/domain/benchmark/attestation/schema";
import { findBenchmark } from "@/domain/benchmark/catalogue";
import { AttestDialog } from "@/domain/benchmark/components/attest-form";
import { AttestationList } from "@/domain/benchmark/components/attestations";
import { FailingResources } from "@/domain/benchmark/components/failing-resources";
import { ClusterStates, ControlTable, FactTables } from "@/domain/benchmark/components/requirement-parts";
import { isAttested, StateMark } from "@/domain/benchmark/components/state";
import { decidedBeside, named } from "@/domain/benchmark/components/words";
import { FLEET, placeSearch } from "@/domain/benchmark/place";
import { failingQuery, findingsHref } from "@/domain/benchmark/requirement/failing";
import { readRequirement, requirementHistory } from "@/domain/benchmark/requirement/queries";
import { REQUIREMENT_STATES } from "@/domain/benchmark/schema";
import { ControlHistory } from "@/domain/posture/components/control-history";
import { findingPage } from "@/domain/posture/finding/page/queries";
import type { QueryRecord } from "@/lib/http/list-query";
import { readerZone } from "../../../../zone";
import { askedPlace, ExemptionSwitch, PlaceMenu } from "../../asked";

export async function generateMetadata({
  params,
}: {
  params: Promise<{ id: string; requirement: string }>;
}): Promise<Metadata> {
  const { id, requirement } = await params;
  const benchmark = findBenchmark(id);
  const known = benchmark?.sections.some(({ requirements }) => requirements.some((each) => each.id === requirement));
  return { title: benchmark === null || known !== true ? "Requirement" : `${requirement}, ${named(benchmark)}` };
}
const DAY = 86_400_000;
const PERIOD = 30;
const SHOWN = 50;
const MOST_FACTS = 12;
const dateOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

export default async function RequirementPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string; requirement: string }>;
  searchParams: Promise<QueryRecord>;
}) {
  const scope = await requireScope();
  const [{ id, requirement }, search] = await Promise.all([params, searchParams]);
  const benchmark = findBenchmark(id);
  if (benchmark === null) notFound();
  const at = await askedPlace(scope, search);
  const detail = await readRequirement(scope, id, requirement, at.place);
  if (detail === null) notFound();
  const controls = detail.controls.map((control) => control.id);
  const distributions = benchmark.distributions ?? [];
  const [zone, now] = [await readerZone(), new Date()];
  const failingOf = (some: readonly string[]) => failingQuery(at.place, distributions, some);
  const [findings, history] = await Promise.all([
    controls.length === 0 ? null : findingPage(scope, { ...failingOf(controls), size: SHOWN }),
    requirementHistory(scope, at.place, controls, distributions, new Date(now.getTime() - PERIOD * DAY), zone),
  ]);
  const unhealthy = detail.controls.reduce((sum, control) => sum + control.unhealthy, 0);
  const worst = [...detail.clusters].sort(
    (a, b) => REQUIREMENT_STATES.indexOf(a.state) - REQUIREMENT_STATES.indexOf(b.state),
  );
  const exempted =
    at.place.exemptions === "without" ? 0 : detail.controls.reduce((sum, each) => sum + each.exempted, 0);
  const mayAttest = detail.manual !== null && hasRole(scope, "Security Admin", at.accountId ?? undefined);
  const path = `/compliance/${id}/${requirement}`;
  return (
    <>
      <PageHead
        title={detail.title}
        crumbs={
          <>
            <Link href={`/compliance${placeSearch(at.place)}`}>Compliance</Link>
            <span className="sep">/</span>
            <Link href={`/compliance/${id}${placeSearch(at.place)}`}>{named(benchmark)}</Link>
            <span className="sep">/</span>
            {detail.section.title}
          </>
        }
        sub={
          <>
            {detail.id} · <StateMark state={detail.state} attested={isAttested(detail.tally)} />
            {decidedBeside(detail.state, detail.decidedBy)}
          </>
        }
      >
        {mayAttest ? (
          <AttestDialog
            benchmark={id}
            requirement={requirement}
            title={detail.title}
            place={at.place.scope === "fleet" ? FLEET : { scope: at.place.scope, id: at.place.id }}
            where={at.name}
            days={{
              first: dateOf(now.getTime()),
              usual: dateOf(now.getTime() + 180 * DAY),
              last: dateOf(now.getTime() + (MOST_DAYS - 1) * DAY),
            }}
          />
        ) : null}
        <ExemptionSwitch at={at} path={path} />
        <PlaceMenu scope={scope} at={at} path={path} distributions={benchmark.distributions} />
      </PageHead>
      <div className="two">
        <div>
          {detail.manual === null ? null : (
            <Section title={detail.decidedBy === "person" ? "For a person to decide" : "What controls cannot see"}>
              <p className="prose">
                <Prose text={detail.manual.why} />
              </p>
              <p className="prose">
                <b style={{ fontWeight: 600 }}>Look at: </b>
                <Prose text={detail.manual.look} />
              </p>
            </Section>
          )}
          {detail.controls.length === 0 ? null : (
            <Section
              title="Controls"
              remark={
                detail.decidedBy === "controls" || detail.decidedBy === "controls-or-person"
                  ? "it passes when every one holds wherever it applies"
                  : "they can show that it fails, never that it is met"
              }
            >
              <ControlTable controls={detail.controls} hrefOf={(control) => findingsHref(failingOf([control]))} />
            </Section>
          )}
          {findings === null ? null : (
            <Section
              title="Failing resources"
              remark="worst first"
              {...(unhealthy > 0
                ? {
                    more: {
                      href: findingsHref(failingOf(controls)),
                      label: `All ${count(unhealthy)}`,
                    },
                  }
                : {})}
            >
              {findings.items.length === 0 ? (
                <Empty
                  holds={detail.controls.every(({ notEvaluated }) => notEvaluated === 0) && detail.state === "passed"}
                  title="No failing resource among those that were evaluated"
                />
              ) : (
                <FailingResources items={findings.items} timeZone={zone} now={now} />
              )}
              {exempted === 0 ? null : (
                <p className="note">
                  Not listed here:{" "}
                  <Link href={findingsHref({ ...failingOf(controls), exempted: true })} prefetch={false}>
                    {plural(exempted, "exempted finding")}
                  </Link>
                  .
                </p>
              )}
            </Section>
          )}
          {detail.clusters.some((cluster) => cluster.facts.length > 0) ? (
            <Section title="Facts collected" remark="as the clouds and the last scans told them">
              <FactTables clusters={worst} most={MOST_FACTS} />
              {worst.length > MOST_FACTS ? (
                <p className="note">
                  {plural(worst.length - MOST_FACTS, "more cluster")}: choose one above to see its facts.
                </p>
              ) : null}
            </Section>
          ) : null}
          <Section title="Clusters" remark={plural(worst.length, "cluster")}>
            {worst.length === 0 ? (
              <p className="mut">
                None of <Name text={at.name} /> is a cluster that this benchmark is meant for.
              </p>
            ) : (
              <ClusterStates
                benchmark={id}
                requirement={requirement}
                clusters={worst}
                exemptions={at.place.exemptions}
                timeZone={zone}
                now={now}
              />
            )}
          </Section>
        </div>
        <div>
          {detail.manual === null ? null : (
            <Section title="Attestations" remark="the nearest place speaks">
              {detail.attestations.length === 0 ? (
                <p className="mut">Nobody has attested it yet.</p>
              ) : (
                <AttestationList
                  items={detail.attestations}
                  timeZone={zone}
                  mayEnd={(item) =>
                    item.live &&
                    hasRole(scope, "Security Admin", item.scope === "fleet" ? undefined : (item.accountId ?? undefined))
                  }
                />
              )}
            </Section>
          )}
          {controls.length === 0 ? null : (
            <Section title="History" remark={`opened and resolved, ${PERIOD} days`}>
              <ControlHistory days={history} period={PERIOD} />
            </Section>
          )}
        </div>
      </div>
    </>
  );
}

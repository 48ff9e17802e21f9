import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Empty } from "@/components/empty";
import { count, plural } from "@/components/format";
import { visible } from "@/components/name";
import { PageHead, Section } from "@/components/section";
import { TabLinks } from "@/components/tab-links";
import { requireScope } from "@/domain/access/session";
import { accountSights } from "@/domain/accounts/queries";
import { findBenchmark } from "@/domain/benchmark/catalogue";
import { BenchmarkFigures } from "@/domain/benchmark/components/figures";
import { RequirementTable } from "@/domain/benchmark/components/requirement-table";
import { DECIDED_WORDS, HISTORY_DAYS, named, STATE_WORDS } from "@/domain/benchmark/components/words";
import { dayIn, upToNow } from "@/domain/benchmark/history/now";
import { complianceHistory } from "@/domain/benchmark/history/queries";
import { placeSearch } from "@/domain/benchmark/place";
import { readBenchmark } from "@/domain/benchmark/report/queries";
import { DECIDED_BY, LEVELS, REQUIREMENT_STATES } from "@/domain/benchmark/schema";
import { outsideWords } from "@/domain/benchmark/version";
import { UnseenAccounts } from "@/domain/inventory/components/unseen-accounts";
import { env } from "@/lib/env";
import type { QueryRecord } from "@/lib/http/list-query";
import { askedPlace, ExemptionSwitch, NoCluster, PlaceMenu } from "../asked";
import { Exports } from "../exports";

export async function generateMetadata({ params }: { params: Promise<{ id: string }> }): Promise<Metadata> {
  const benchmark = findBenchmark((await params).id);
  return { title: benchmark === null ? "Benchmark" : named(benchmark) };
}

export default async function BenchmarkPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<QueryRecord>;
}) {
  const scope = await requireScope();
  const [{ id }, search] = await Promise.all([params, searchParams]);
  const at = await askedPlace(scope, search);
  const [report, accounts] = await Promise.all([readBenchmark(scope, id, at.place), accountSights(scope)]);
  if (report === null) notFound();
  const kept = (await complianceHistory(scope, at.place, HISTORY_DAYS, id)).get(id) ?? [];
  const bare = at.place.exemptions === "without";
  const days = bare ? kept : upToNow(kept, report, dayIn(new Date(), env().SEAWALL_TIME_ZONE));
  const state = REQUIREMENT_STATES.find((each) => each === search.state);
  const decided = DECIDED_BY.find((each) => each === search.decided);
  const level = LEVELS.find((each) => String(each) === search.level);
  const chosen = { state, decided, level: level?.toString() };
  const path = `/compliance/${id}`;
  const hrefOf = (more: Record<string, string | undefined>) =>
    `${path}${placeSearch(at.place, { ...chosen, ...more })}`;
  const outside = outsideWords(report.kubernetes, report.outside);
  const levels = new Set(report.sections.flatMap(({ requirements }) => requirements.map((each) => each.level)));
  const sections = report.sections
    .map((section) => ({
      ...section,
      shown: section.requirements.filter(
        (each) =>
          (state === undefined || each.state === state) &&
          (decided === undefined || each.decidedBy === decided) &&
          (level === undefined || each.level === level),
      ),
    }))
    .filter(({ shown }) => shown.length > 0);
  return (
    <>
      <PageHead
        title={named(report)}
        crumbs={<Link href={`/compliance${placeSearch(at.place)}`}>Compliance</Link>}
        sub={
          <>
            {report.about}{" "}
            <a className="lnk" href={report.url} rel="noreferrer noopener" target="_blank">
              {report.publisher}
            </a>
          </>
        }
      >
        {report.previous === null ? null : (
          <Link className="btn" href={`${path}/changes${placeSearch(at.place)}`} prefetch={false}>
            What changed
          </Link>
        )}
        <Exports benchmark={id} place={at.place} />
        <ExemptionSwitch at={at} path={path} more={chosen} />
        <PlaceMenu scope={scope} at={at} path={path} distributions={report.distributions} more={chosen} />
      </PageHead>
      <UnseenAccounts accounts={accounts} />
      {report.clusters === 0 ? null : <BenchmarkFigures report={report} days={days} without={bare} />}
      {report.clusters === 0 ? null : (
        <>
          {outside === null ? null : <p className="sm mut">{visible(outside)}</p>}
          <p className="sm mut count-of">
            {plural(report.requirements, "requirement")}, each counted once below, under its worst answer on any cluster
          </p>
          <TabLinks
            label="By state"
            tabs={[
              {
                href: hrefOf({ state: undefined }),
                label: "All",
                current: state === undefined,
                amount: count(report.requirements),
              },
              ...REQUIREMENT_STATES.map((each) => ({
                href: hrefOf({ state: each }),
                label: STATE_WORDS[each],
                current: state === each,
                amount: count(report.states[each] ?? 0),
              })),
            ]}
          />
          <nav className="comp-filter" aria-label="By who decides, and by level">
            {DECIDED_BY.map((each) => {
              const on = each === decided;
              const value = DECIDED_WORDS[each].toLowerCase();
              return (
                <FilterChip
                  key={each}
                  name="Decision"
                  value={value}
                  on={on}
                  href={hrefOf({ decided: on ? undefined : each })}
                />
              );
            })}
            {LEVELS.filter((each) => levels.has(each)).map((each) => (
              <FilterChip
                key={each}
                name="Level"
                value={String(each)}
                on={each === level}
                href={hrefOf({ level: each === level ? undefined : String(each) })}
              />
            ))}
          </nav>
        </>
      )}
      {report.clusters === 0 ? (
        <NoCluster at={at} accounts={accounts} />
      ) : sections.length === 0 ? (
        <Empty title="No requirement under this filter">
          <p>
            <Link className="lnk" href={`${path}${placeSearch(at.place)}`}>
              Show all {plural(report.requirements, "requirement")}
            </Link>
          </p>
        </Empty>
      ) : (
        sections.map((section) => (
          <Section
            key={section.id}
            className="comp-sec"
            title={/^\d/.test(section.id) ? `${section.id} ${section.title}` : section.title}
            remark={`${plural(section.requirements.filter((each) => each.state === "failed").length, "requirement")} failed of ${section.requirements.length}`}
          >
            <RequirementTable benchmark={id} items={section.shown} place={at.place} />
          </Section>
        ))
      )}
    </>
  );
}

/** One value of a filter, which a second choice takes away. */
function FilterChip({ name, value, on, href }: { name: string; value: string; on: boolean; href: string }) {
  return (
    <Link
      className="chip"
      href={href}
      prefetch={false}
      scroll={false}
      {...(on ? { "aria-current": "true" as const } : {})}
    >
      <span className="k">{name}</span> <b>{value}</b>
      {on ? <span className="vh">, remove</span> : null}
    </Link>
  );
}

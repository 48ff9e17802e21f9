import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Empty } from "@/components/empty";
import { plural } from "@/components/format";
import { PageHead, Section } from "@/components/section";
import { requireScope } from "@/domain/access/session";
import { findBenchmark } from "@/domain/benchmark/catalogue";
import { changesBetween } from "@/domain/benchmark/change";
import { ChangeTable, VersionsBeside } from "@/domain/benchmark/components/changes";
import { named } from "@/domain/benchmark/components/words";
import { placeSearch } from "@/domain/benchmark/place";
import { readBenchmark } from "@/domain/benchmark/report/queries";
import type { QueryRecord } from "@/lib/http/list-query";
import { askedPlace, ExemptionSwitch, PlaceMenu } from "../../asked";

export const metadata: Metadata = { title: "What changed" };

export default async function ChangesPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<QueryRecord>;
}) {
  const scope = await requireScope();
  const [{ id }, search] = await Promise.all([params, searchParams]);
  const now = findBenchmark(id);
  const before = now?.previous === undefined ? null : findBenchmark(now.previous);
  if (now === null || before === null) notFound();
  const at = await askedPlace(scope, search);
  const [here, then] = await Promise.all([
    readBenchmark(scope, now.id, at.place),
    readBenchmark(scope, before.id, at.place),
  ]);
  if (here === null || then === null) notFound();
  const changes = changesBetween(before, now);
  const same = here.requirements - changes.filter(({ kind }) => kind !== "removed").length;
  return (
    <>
      <PageHead
        title={`What changed for me: ${before.version} to ${now.version}`}
        crumbs={
          <>
            <Link href={`/compliance${placeSearch(at.place)}`}>Compliance</Link>
            <span className="sep">/</span>
            <Link href={`/compliance/${id}${placeSearch(at.place)}`}>{named(now)}</Link>
          </>
        }
        sub={`${plural(changes.length, "requirement differs", "requirements differ")}, ${plural(same, "is", "are")} the same.`}
      >
        <ExemptionSwitch at={at} path={`/compliance/${id}/changes`} />
        <PlaceMenu scope={scope} at={at} path={`/compliance/${id}/changes`} distributions={now.distributions} />
      </PageHead>
      <Section title="Side by side" remark="the same clusters, the same scans">
        <VersionsBeside before={then} now={here} place={at.place} />
      </Section>
      <Section className="gap" title="Requirements that differ">
        {changes.length === 0 ? (
          <Empty title="No requirement differs">
            <p>Both versions ask for the same; what was attested for one is not carried over to the other.</p>
          </Empty>
        ) : (
          <ChangeTable changes={changes} before={then} now={here} place={at.place} />
        )}
      </Section>
    </>
  );
}

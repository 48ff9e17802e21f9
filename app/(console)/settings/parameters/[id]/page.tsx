import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Code } from "@/components/code";
import { Empty } from "@/components/empty";
import { Partial } from "@/components/problem";
import { PageHead, Section } from "@/components/section";
import { hasRole, holdsAnywhere } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { OverrideTable } from "@/domain/posture/parameter/components/override-table";
import { ParameterForm } from "@/domain/posture/parameter/components/parameter-form";
import { written } from "@/domain/posture/parameter/entry";
import { listOverrides, parameterChoices, placeVersions } from "@/domain/posture/parameter/queries";
import { controlCatalogue } from "@/domain/posture/queries";
import { readerZone } from "../../../../zone";

export const metadata: Metadata = { title: "Control parameters" };

export default async function ControlParametersPage({ params }: { params: Promise<{ id: string }> }) {
  const scope = await requireScope();
  const { id } = await params;
  const control = (await controlCatalogue()).get(id);
  if (control === undefined || Object.keys(control.params).length === 0) notFound();
  const [overrides, choices, versions, zone] = await Promise.all([
    listOverrides(scope, id),
    parameterChoices(scope),
    placeVersions(scope, id),
    readerZone(),
  ]);
  return (
    <>
      <PageHead
        title={control.title}
        crumbs={
          <>
            <Link href="/settings/parameters">Control parameters</Link>
            <span className="sep">/</span>
            {control.id}
          </>
        }
        sub={<Link href={`/recommendations/${control.id}`}>The recommendation</Link>}
      />
      <Section title="The control's own">
        <dl className="facts">
          {Object.entries(control.params).map(([name, value]) => (
            <div key={name} style={{ display: "contents" }}>
              <dt>
                <code>{name}</code>
              </dt>
              <dd style={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>{written(value)}</dd>
            </div>
          ))}
        </dl>
        {control.appliesTo.when !== undefined && <Code title="Asked only of" text={control.appliesTo.when.trim()} />}
        <Code title="Violated when" text={control.violates.trim()} />
      </Section>
      <Section title="Set here">
        {overrides.length === 0 ? (
          <Empty title="Nowhere">
            <p>The control's own parameters hold everywhere.</p>
          </Empty>
        ) : (
          <OverrideTable
            overrides={overrides}
            mayChange={({ account }) => hasRole(scope, "Security Admin", account?.id)}
            now={new Date()}
            timeZone={zone}
          />
        )}
      </Section>
      <Section title="Set parameters">
        {holdsAnywhere(scope, "Security Admin") ? (
          <ParameterForm control={control.id} params={control.params} choices={choices} versions={versions} />
        ) : (
          <Partial>This needs the role Security Admin. Ask an Owner for it.</Partial>
        )}
      </Section>
    </>
  );
}

import type { Metadata } from "next";
import Link from "next/link";
import { Empty } from "@/components/empty";
import { plural } from "@/components/format";
import { PageHead, Section } from "@/components/section";
import { hasRole } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { OverrideTable } from "@/domain/posture/parameter/components/override-table";
import { listOverrides } from "@/domain/posture/parameter/queries";
import { controlCatalogue } from "@/domain/posture/queries";
import { readerZone } from "../../../zone";

export const metadata: Metadata = { title: "Control parameters" };

export default async function ParametersPage() {
  const scope = await requireScope();
  const [overrides, catalogue, zone] = await Promise.all([listOverrides(scope), controlCatalogue(), readerZone()]);
  const adjustable = [...catalogue.values()].filter(({ params }) => Object.keys(params).length > 0);
  return (
    <>
      <PageHead
        title="Control parameters"
        sub="What controls compare with: registries, ports, ages. The nearer place wins: namespace, cluster, account, fleet"
      />
      <Section title="Set here" remark={plural(overrides.length, "place")}>
        {overrides.length === 0 ? (
          <Empty title="All controls use their own parameters">
            <p>Choose a control below to give it others, for the fleet or for a part of it.</p>
          </Empty>
        ) : (
          <OverrideTable
            overrides={overrides}
            titles={new Map(adjustable.map(({ id, title }) => [id, title]))}
            mayChange={({ account }) => hasRole(scope, "Security Admin", account?.id)}
            now={new Date()}
            timeZone={zone}
          />
        )}
      </Section>
      <Section title="Controls with parameters" remark={plural(adjustable.length, "control")}>
        <table className="flow t-plain">
          <thead>
            <tr>
              <th>Control</th>
              <th>Parameters</th>
            </tr>
          </thead>
          <tbody>
            {adjustable.map(({ id, title, params }) => (
              <tr key={id}>
                <td className="wrap">
                  <Link href={`/settings/parameters/${id}`}>{title}</Link> <span className="mut sm">{id}</span>
                </td>
                <td className="wrap mut">
                  <code>{Object.keys(params).join(", ")}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
    </>
  );
}

import type { Metadata } from "next";
import Link from "next/link";
import { z } from "zod";
import { CodeTabs } from "@/components/code-tabs";
import { Breaks } from "@/components/name";
import { PageHead, Section } from "@/components/section";
import { hasRole } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { CLOUD_FORMS, secretsOf } from "@/domain/accounts/cloud-form";
import { ConnectForm } from "@/domain/accounts/components/account-forms";
import { fieldsOf } from "@/domain/accounts/form-field";
import { grantsOf, natureOf } from "@/domain/accounts/grant";
import { CONNECTABLE } from "@/domain/accounts/schema";

export const metadata: Metadata = { title: "Connect an account" };

export default async function ConnectPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const scope = await requireScope();
  const cloud = z.enum(CONNECTABLE).safeParse((await searchParams).cloud);
  const crumbs = (
    <>
      <Link href="/accounts">Accounts</Link>
      <span className="sep">/</span>Connect
    </>
  );
  if (!hasRole(scope, "Security Admin"))
    return <PageHead title="Connect an account" crumbs={crumbs} sub="This needs a Security Admin or an Owner." />;
  const chosen = cloud.success ? CLOUD_FORMS[cloud.data] : null;
  return (
    <>
      <PageHead
        title="Connect an account"
        crumbs={crumbs}
        sub="Seawall reads with the least it needs, and changes nothing."
      />
      <Section title="Cloud">
        <nav className="pick" aria-label="Cloud">
          {CONNECTABLE.map((id) => (
            <Link
              key={id}
              href={`/accounts/connect?cloud=${id}`}
              {...(cloud.data === id ? { "aria-current": "true" as const } : {})}
            >
              <b>{CLOUD_FORMS[id].title}</b>
              <span>{CLOUD_FORMS[id].what}</span>
            </Link>
          ))}
        </nav>
      </Section>
      {chosen === null || !cloud.success ? null : (
        <>
          <Section className="gap" title={chosen.title}>
            <ConnectForm
              key={cloud.data}
              cloud={cloud.data}
              fields={fieldsOf(cloud.data)}
              secrets={secretsOf(cloud.data)}
            />
          </Section>
          <Section className="gap" title="Grant it" remark="the least it needs, to copy">
            <CodeTabs key={cloud.data} tabs={grantsOf(cloud.data)} label="What to grant" />
          </Section>
          <Section className="gap" title="What it must be allowed" remark={natureOf(cloud.data)}>
            <table className="flow t-plain">
              <thead>
                <tr>
                  <th>Permission</th>
                  <th>Why</th>
                  <th>Needed</th>
                </tr>
              </thead>
              <tbody>
                {chosen.permissions.map((permission) => (
                  <tr key={permission.action}>
                    <td className="wrap">
                      <code>
                        <Breaks text={permission.action} />
                      </code>
                    </td>
                    <td className="mut">{permission.reason}</td>
                    <td className="nw">{permission.optional === true ? "optional" : "yes"}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Section>
        </>
      )}
    </>
  );
}

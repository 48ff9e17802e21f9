import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Name } from "@/components/name";
import { PageHead, Section } from "@/components/section";
import { hasRole } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { CLOUD_FORMS, secretsOf } from "@/domain/accounts/cloud-form";
import { EditForm } from "@/domain/accounts/edit/components/edit-form";
import { readEditable } from "@/domain/accounts/edit/queries";
import { filledFields } from "@/domain/accounts/form-field";
import { findAccount } from "@/domain/accounts/queries";
import { Removal } from "@/domain/accounts/removal/components/removal";
import { readAtStake } from "@/domain/accounts/removal/queries";
import { CONNECTABLE } from "@/domain/accounts/schema";
import { uuid } from "@/lib/uuid";

export const metadata: Metadata = { title: "Edit account" };

export default async function EditAccountPage({ params }: { params: Promise<{ id: string }> }) {
  const scope = await requireScope();
  const id = uuid().safeParse((await params).id);
  const account = id.success ? await findAccount(scope, id.data) : null;
  if (account === null || account.removedAt !== null) notFound();
  const crumbs = (
    <>
      <Link href="/accounts">Accounts</Link>
      <span className="sep">/</span>
      <Link href={`/accounts/${account.id}`}>
        <Name text={account.name} />
      </Link>
      <span className="sep">/</span>Edit
    </>
  );
  if (!hasRole(scope, "Security Admin", account.id))
    return (
      <PageHead title="Edit account" crumbs={crumbs} sub="This needs a Security Admin or an Owner of the account." />
    );
  const cloud = CONNECTABLE.find((each) => each === account.provider);
  const [editable, stake] = await Promise.all([readEditable(scope, account.id), readAtStake(scope, account.id)]);
  if (editable === null) notFound();
  return (
    <>
      <PageHead
        title={`Edit ${account.name}`}
        crumbs={crumbs}
        sub="What changes the connection is tested before it is saved."
      />
      <Section title={cloud === undefined ? "Connection" : CLOUD_FORMS[cloud].title}>
        {cloud === undefined ? (
          <p className="mut">An account of this kind has no connection to edit.</p>
        ) : (
          <EditForm
            account={{
              id: account.id,
              name: account.name,
              intervalMinutes: account.intervalMinutes,
              version: editable.version,
            }}
            fields={filledFields(cloud, editable.settings)}
            secrets={secretsOf(cloud, editable.stored)}
          />
        )}
      </Section>
      <Section className="gap" title="Remove" remark="credentials are destroyed, findings and history deleted">
        <Removal account={{ id: account.id, name: account.name }} stake={stake} />
      </Section>
    </>
  );
}

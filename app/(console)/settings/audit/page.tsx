import type { Metadata } from "next";
import Link from "next/link";
import { Empty } from "@/components/empty";
import { Partial } from "@/components/problem";
import { PageHead, Section } from "@/components/section";
import { AuditFilterForm } from "@/domain/access/audit-log/components/audit-filter";
import { AuditTable } from "@/domain/access/audit-log/components/audit-table";
import { auditActions, readAudit } from "@/domain/access/audit-log/queries";
import { type AuditFilter, type Parameters, parseAuditFilter, parseAuditPage } from "@/domain/access/audit-log/schema";
import { visibleAccounts } from "@/domain/access/queries";
import { accountsWith, holdsAnywhere } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { readerZone } from "../../../zone";

export const metadata: Metadata = { title: "Audit log" };

const PAGE = 50;

function addressOf(path: string, filter: AuditFilter, more: Record<string, string>): string {
  const given = Object.entries({ ...filter, ...more }).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value]],
  );
  return `${path}?${new URLSearchParams(given)}`;
}

export default async function AuditPage({ searchParams }: { searchParams: Promise<Parameters> }) {
  const scope = await requireScope();
  const sub = "Who did what to what, from where; entries are chained and cannot be changed";
  if (!holdsAnywhere(scope, "Security Admin")) {
    return (
      <>
        <PageHead title="Audit log" sub={sub} />
        <Partial>The audit log is shown to Security Admins and Owners. Ask an Owner for the role.</Partial>
      </>
    );
  }
  const parameters = await searchParams;
  const filter = parseAuditFilter(parameters);
  const before = parseAuditPage(parameters);
  const zone = await readerZone();
  const [rows, actions, accounts] = await Promise.all([
    readAudit(scope, filter, zone, before, PAGE + 1),
    auditActions(scope),
    visibleAccounts(scope),
  ]);
  const shown = rows.slice(0, PAGE);
  const last = shown.at(-1);
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return (
    <>
      <PageHead title="Audit log" sub={sub}>
        {(["csv", "jsonl"] as const).map((format) => (
          <a key={format} className="btn" href={addressOf("/settings/audit/export", filter, { format })} download>
            {format === "csv" ? "CSV" : "JSON Lines"}
          </a>
        ))}
      </PageHead>
      <AuditFilterForm filter={filter} actions={actions} accounts={accounts} />
      {accountsWith(scope, "Security Admin") === null ? null : (
        <Partial>
          You administer some accounts: entries of other accounts and of the whole installation are not shown.
        </Partial>
      )}
      <Section title="Entries" remark="newest first; prove the chain with seawall audit verify">
        {shown.length === 0 ? (
          <Empty title={filtered || before !== null ? "No entry matches" : "Nothing was done yet"}>
            {filtered ? <p>Widen or clear the filters above.</p> : null}
          </Empty>
        ) : (
          <AuditTable rows={shown} timeZone={zone} />
        )}
        {before === null && rows.length <= PAGE ? null : (
          <div className="acts" style={{ marginTop: 12 }}>
            {before === null ? null : (
              <Link className="btn" href={addressOf("/settings/audit", filter, {})} prefetch={false}>
                Newest
              </Link>
            )}
            {rows.length <= PAGE || last === undefined ? null : (
              <Link
                className="btn"
                href={addressOf("/settings/audit", filter, { before: String(last.seq) })}
                prefetch={false}
              >
                Older
              </Link>
            )}
          </div>
        )}
      </Section>
    </>
  );
}

import type { Metadata } from "next";
import Link from "next/link";
import { z } from "zod";
import { withParameters } from "@/components/address";
import { Empty } from "@/components/empty";
import { age, count, moment, plural } from "@/components/format";
import { Icon } from "@/components/icon";
import { Mark } from "@/components/marks";
import { Breaks, Name } from "@/components/name";
import { PageHead, Section } from "@/components/section";
import { hasRole } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { scanAccountNow } from "@/domain/accounts/actions";
import { FirstRun } from "@/domain/accounts/components/first-run";
import { HEALTH_MEANING, Health } from "@/domain/accounts/components/health";
import { ScanButton } from "@/domain/accounts/components/scan-button";
import { accountTrends, listAccounts } from "@/domain/accounts/queries";
import { ExemptionSwitch } from "@/domain/inventory/components/exemption-switch";
import { ScoreWithTrend } from "@/domain/inventory/components/score-trend";
import { providerWord } from "@/domain/inventory/components/words";
import { EXEMPTION_SWITCH, scoreFor } from "@/domain/inventory/exemptions";
import { exemptionsParameter } from "@/domain/inventory/exemptions-parameter";
import { parseLoosely, type QueryRecord } from "@/lib/http/list-query";
import { readerZone } from "../../zone";
import { narrowed } from "../narrowed";

const askedSchema = z.object({ exemptions: exemptionsParameter("Scores") });

export const metadata: Metadata = { title: "Accounts" };

/** What is wrong; what to do about it stands on the account's own page. */
const firstSentence = (reason: string): string => /^.{1,300}?[.](?= |$)/s.exec(reason)?.[0] ?? reason.slice(0, 300);

/** An amount; a zero of a cloud that did not answer is hatched: it was not counted. */
const told = ({ health }: { health: string }, amount: number) =>
  amount === 0 && health !== "healthy" ? <Mark name="unknown" label="not known" /> : count(amount);

export default async function AccountsPage({ searchParams }: { searchParams: Promise<QueryRecord> }) {
  const scope = await requireScope();
  const search = await searchParams;
  const { scope: chosen, place } = narrowed(scope, "/accounts", search);
  const { exemptions } = parseLoosely(askedSchema, search);
  const [all, trends] = await Promise.all([listAccounts(scope), accountTrends(scope, exemptions)]);
  if (all.length === 0) return <FirstRun scope={scope} />;
  const accounts = chosen === scope ? all : all.filter(({ id }) => chosen.accountIds?.includes(id));
  const now = new Date();
  const zone = await readerZone();
  const bare = exemptions === "without" ? `; ${EXEMPTION_SWITCH.said}` : "";
  return (
    <>
      <PageHead
        title="Accounts"
        sub={
          accounts.length === all.length ? (
            `${plural(all.length, "account")} connected${bare}`
          ) : (
            <>
              {count(accounts.length)} of {plural(all.length, "account")} connected{bare}.{" "}
              <Link className="lnk" href="/accounts">
                Show all
              </Link>
            </>
          )
        }
      >
        <ExemptionSwitch
          exemptions={exemptions}
          href={withParameters("/accounts", { ...place, exemptions: exemptions === "without" ? "" : "without" })}
        />
        {hasRole(scope, "Security Admin") ? (
          <Link className="btn" href="/accounts/connect">
            <Icon name="plus" />
            Connect an account
          </Link>
        ) : null}
      </PageHead>
      <Section title="Connected accounts" remark={HEALTH_MEANING}>
        {accounts.length === 0 ? (
          <Empty title="No account under this filter">
            <p>It was removed, or your roles do not reach it.</p>
          </Empty>
        ) : (
          <table className="flow t-plain t-accounts">
            <thead>
              <tr>
                <th>Account</th>
                <th>Cloud</th>
                <th>Health</th>
                <th className="num">{exemptions === "without" ? "Without exemptions" : "Score"}</th>
                <th className="num">Clusters</th>
                <th className="num">Workloads</th>
                <th>Interval</th>
                <th>Checked</th>
                <th>
                  <span className="vh">Action</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {accounts.map((account) => (
                <tr key={account.id}>
                  <td className="wrap">
                    <Link href={`/accounts/${account.id}`} prefetch={false}>
                      <Name text={account.name} />
                    </Link>
                    <br />
                    <span className="dim sm nw">{account.externalId}</span>
                  </td>
                  <td className="mut nw">{providerWord(account.provider)}</td>
                  <td className="wrap">
                    <Health account={account} />
                    {account.waitUntil === null || account.waitUntil <= now ? null : (
                      <>
                        <br />
                        <span className="sm">asked to wait until {moment(account.waitUntil, zone)}</span>
                      </>
                    )}
                    {account.healthReason === null || account.removedAt !== null ? null : (
                      <>
                        <br />
                        <span className="dim sm">
                          <Breaks text={firstSentence(account.healthReason)} />
                        </span>
                      </>
                    )}
                  </td>
                  <td className="num">
                    <ScoreWithTrend
                      score={scoreFor(exemptions, account)}
                      none={account.score === null ? "no score" : "not kept before its next scan"}
                      stale={account.health === "failing"}
                      trend={trends.get(account.id) ?? []}
                    />
                  </td>
                  <td className="num" data-l="Clusters">
                    {told(account, account.clusters)}
                  </td>
                  <td className="num" data-l="Workloads">
                    {told(account, account.workloads)}
                  </td>
                  <td className="mut nw">{account.intervalMinutes} min</td>
                  <td className="mut nw">
                    {account.checkedAt === null ? "never" : `${age(account.checkedAt, now)} ago`}
                  </td>
                  <td className="num">
                    {hasRole(scope, "Security Admin", account.id) && account.enabled ? (
                      <ScanButton action={scanAccountNow} id={account.id} label="Scan now" small />
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Section>
    </>
  );
}

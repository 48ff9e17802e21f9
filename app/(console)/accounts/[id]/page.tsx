import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { CouldNotLook } from "@/components/empty";
import { age, count, exact, moment } from "@/components/format";
import { Breaks } from "@/components/name";
import { Stale } from "@/components/problem";
import { PageHead, Section } from "@/components/section";
import { hasRole } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { scanAccountNow, testConnection } from "@/domain/accounts/actions";
import { intervalWord } from "@/domain/accounts/components/connection-fields";
import { HEALTH_MEANING, Health } from "@/domain/accounts/components/health";
import { PauseButton } from "@/domain/accounts/components/pause-button";
import { ScanButton } from "@/domain/accounts/components/scan-button";
import { TestResult } from "@/domain/accounts/components/test-result";
import { findAccount, readTest } from "@/domain/accounts/queries";
import { ClustersByDistribution } from "@/domain/inventory/components/clusters";
import { providerWord } from "@/domain/inventory/components/words";
import { listClusters } from "@/domain/inventory/queries";
import { uuid } from "@/lib/uuid";
import { readerZone } from "../../../zone";

export const metadata: Metadata = { title: "Account" };

/** Why an account shows no cluster: its cloud has none, or did not tell of all. */
function NoClusters({ health }: { health: string }) {
  if (health === "healthy") return <p className="mut">Its cloud has no cluster.</p>;
  return (
    <CouldNotLook>
      {health === "degraded"
        ? "None was found where the cloud answered. It answered only in part, so there may be some."
        : health === "failing"
          ? "The cloud could not be asked, so whether there is one is not known. The connection test says what to repair."
          : "The cloud was not asked yet."}
    </CouldNotLook>
  );
}

export default async function AccountPage({ params }: { params: Promise<{ id: string }> }) {
  const scope = await requireScope();
  const id = uuid().safeParse((await params).id);
  const account = id.success ? await findAccount(scope, id.data) : null;
  if (account === null) notFound();
  const [test, clusters] = await Promise.all([readTest(scope, account.id), listClusters(scope)]);
  const own = clusters.filter((cluster) => cluster.accountId === account.id);
  const now = new Date();
  const zone = await readerZone();
  const may = hasRole(scope, "Security Admin", account.id) && account.removedAt === null;
  const waits = account.waitUntil !== null && account.waitUntil > now ? account.waitUntil : null;
  return (
    <>
      <PageHead
        title={account.name}
        crumbs={
          <>
            <Link href="/accounts">Accounts</Link>
            <span className="sep">/</span>
            {providerWord(account.provider)}
          </>
        }
        sub={
          <>
            <Health account={account} />
            {account.checkedAt === null ? "" : `, checked ${age(account.checkedAt, now)} ago`}
            {account.healthReason === null ? "" : <Breaks text={`. ${account.healthReason}`} />}
            <span className="sm dim explain">{HEALTH_MEANING}</span>
          </>
        }
      >
        {may ? (
          <>
            <ScanButton action={testConnection} id={account.id} label="Test connection" />
            {account.enabled ? <ScanButton action={scanAccountNow} id={account.id} label="Scan now" /> : null}
            <Link className="btn" href={`/accounts/${account.id}/edit`}>
              Edit
            </Link>
          </>
        ) : null}
      </PageHead>
      {account.removedAt === null ? null : (
        <Stale>
          This account is being removed. Its credentials are destroyed; what was known of it is deleted within minutes.
        </Stale>
      )}
      {waits === null ? null : (
        <Stale>
          The cloud answered with too many requests and asked to wait until {moment(waits, zone)}. The next look is not
          before that.
        </Stale>
      )}
      <div className="two">
        <div>
          <Section title="Connection test" remark="each step in the order in which you would repair it">
            <TestResult accountId={account.id} initial={test} />
          </Section>
          <Section className="gap" title="Clusters" remark={`${count(own.length)} found`}>
            {own.length === 0 ? (
              <NoClusters health={account.health} />
            ) : (
              <ClustersByDistribution clusters={own} place={{ account: account.id }} now={now} />
            )}
          </Section>
        </div>
        <div>
          <Section
            title="Schedule"
            {...(account.nextScanAt === null || !account.enabled
              ? {}
              : { remark: `next ${moment(account.nextScanAt, zone)}` })}
          >
            <p className="mut" style={{ marginBottom: 8 }}>
              {account.enabled
                ? `Looked at ${intervalWord(account.intervalMinutes)}.`
                : "Paused: nothing is asked of the cloud and its clusters, and what is known stays as it is."}
            </p>
            {may ? <PauseButton id={account.id} enabled={account.enabled} /> : null}
          </Section>
          <Section className="gap" title="Facts">
            <dl className="facts">
              <dt>Id</dt>
              <dd>{account.externalId}</dd>
              <dt>Connected</dt>
              <dd>{exact(account.createdAt, zone)}</dd>
              <dt>Credentials</dt>
              <dd>stored encrypted, never shown</dd>
            </dl>
          </Section>
        </div>
      </div>
    </>
  );
}

import type { Metadata } from "next";
import { Empty } from "@/components/empty";
import { bytes, count } from "@/components/format";
import { Partial } from "@/components/problem";
import { PageHead, Section } from "@/components/section";
import { requireScope } from "@/domain/access/session";
import { DeadLetters } from "@/domain/accounts/components/dead-letters";
import { QueueTable } from "@/domain/accounts/components/queues";
import { listDeadLetters } from "@/domain/accounts/queries";
import { databaseFacts, listQueues } from "@/domain/accounts/system/queries";
import { UnreadableExemptions } from "@/domain/posture/exemption/components/unreadable";
import { listUnreadable } from "@/domain/posture/exemption/queries";
import { readerZone } from "../../../zone";

export const metadata: Metadata = { title: "System health" };

export default async function SystemPage() {
  const scope = await requireScope();
  const [queues, letters, unreadable, database, zone] = await Promise.all([
    listQueues(scope),
    listDeadLetters(scope),
    listUnreadable(scope),
    databaseFacts(scope),
    readerZone(),
  ]);
  const now = new Date();
  return (
    <>
      <PageHead title="System health" sub="Whether Seawall itself keeps up: its queues, what gave up, its database" />
      <Section title="Jobs that gave up" remark="after all their retries">
        {letters.length === 0 ? (
          <Empty holds title="No job gave up">
            <p>Failed jobs stay here for 30 days, with their reason, until someone tries them again.</p>
          </Empty>
        ) : (
          <DeadLetters scope={scope} letters={letters} timeZone={zone} />
        )}
      </Section>
      {unreadable.length === 0 ? null : (
        <Section title="Exemptions that cannot be read" remark="they hold for nothing, and their findings count">
          <UnreadableExemptions exemptions={unreadable} />
        </Section>
      )}
      {database === null ? (
        <Section title="Queues and database">
          <Partial>
            These are facts of the whole installation. You see only some accounts, so they are not shown to you.
          </Partial>
        </Section>
      ) : (
        <>
          <Section title="Queues" remark="a waiting job older than a few minutes means that no worker runs">
            <QueueTable queues={queues} now={now} timeZone={zone} />
          </Section>
          <Section title="Database" remark={`${bytes(database.size)} on disk, indexes included`}>
            <table className="flow t-plain">
              <thead>
                <tr>
                  <th>Largest tables</th>
                  <th className="num">Rows, about</th>
                  <th className="num">Size</th>
                  <th className="num">Share</th>
                </tr>
              </thead>
              <tbody>
                {database.tables.map((table) => (
                  <tr key={table.name}>
                    <td>
                      <code>{table.name}</code>
                    </td>
                    <td className="num" data-l="Rows, about">
                      {count(Math.round(table.rows))}
                    </td>
                    <td className="num" data-l="Size">
                      {bytes(table.bytes)}
                    </td>
                    <td className="num" data-l="Share">
                      {((100 * table.bytes) / database.size).toFixed(1)}
                      <span className="u"> %</span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Section>
          <Section title="Versions">
            <dl className="facts">
              <dt>Seawall</dt>
              <dd>{process.env.npm_package_version ?? "0.1.0"}</dd>
              <dt>Node</dt>
              <dd>{process.versions.node}</dd>
              <dt>PostgreSQL</dt>
              <dd>
                {database.version}, {database.connections} of {database.maxConnections} connections in use
              </dd>
              <dt>Schema</dt>
              <dd>
                <code>{database.migration}</code>, {database.migrations} migrations
              </dd>
            </dl>
          </Section>
        </>
      )}
    </>
  );
}

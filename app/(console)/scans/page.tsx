import type { Metadata } from "next";
import { Empty } from "@/components/empty";
import { moment } from "@/components/format";
import { Mark } from "@/components/marks";
import { PageHead, Section } from "@/components/section";
import { hasRole } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { retryDeadLetter } from "@/domain/accounts/actions";
import { ScanButton } from "@/domain/accounts/components/scan-button";
import { listDeadLetters } from "@/domain/accounts/queries";
import { ScanTable } from "@/domain/inventory/components/scans";
import { listScans } from "@/domain/inventory/queries";
import { env } from "@/lib/env";

export const metadata: Metadata = { title: "Scans" };

export default async function ScansPage() {
  const scope = await requireScope();
  const [scans, letters] = await Promise.all([listScans(scope, 100), listDeadLetters(scope)]);
  const zone = env().SEAWALL_TIME_ZONE;
  return (
    <>
      <PageHead title="Scans" sub="Every look at an account or a cluster, and the jobs that gave up" />
      <Section title="Jobs that gave up" remark="after all their retries">
        {letters.length === 0 ? (
          <Empty title="No job gave up" />
        ) : (
          <table className="flow t-plain">
            <thead>
              <tr>
                <th>Job</th>
                <th>Of</th>
                <th>Why</th>
                <th>When</th>
                <th>
                  <span className="vh">Action</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {letters.map((letter) => (
                <tr key={letter.id}>
                  <td style={{ fontWeight: 500 }} className="nw">
                    <Mark name="failed" /> {letter.job}
                  </td>
                  <td className="wrap">{letter.subject}</td>
                  <td className="mut wrap">{letter.reason}</td>
                  <td className="nw">{moment(letter.at, zone)}</td>
                  <td className="num">
                    {hasRole(scope, "Security Admin", letter.accountId) ? (
                      <ScanButton action={retryDeadLetter} id={letter.id} label="Try again" small />
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Section>
      <Section className="gap" title="Scans" remark="the newest 100">
        {scans.length === 0 ? (
          <p className="mut">There was none yet.</p>
        ) : (
          <ScanTable scans={scans} named timeZone={zone} />
        )}
      </Section>
    </>
  );
}

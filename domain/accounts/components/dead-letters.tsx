import Link from "next/link";
import { plural } from "@/components/format";
import { Mark } from "@/components/marks";
import { Partial } from "@/components/problem";
import { TableHead } from "@/components/table-head";
import { When } from "@/components/when";
import { type AccountScope, hasRole } from "@/domain/access/scope";
import { retryDeadLetter } from "../actions";
import type { DeadLetter } from "../queries";
import { ScanButton } from "./scan-button";

/** Jobs that gave up, with why; who may administer the account may have each tried again. */
export function DeadLetters({
  scope,
  letters,
  timeZone,
}: {
  scope: AccountScope;
  letters: readonly DeadLetter[];
  timeZone: string;
}) {
  return (
    <table className="flow t-plain">
      <thead>
        <tr>
          <TableHead>Job</TableHead>
          <TableHead>Of</TableHead>
          <TableHead>Why</TableHead>
          <TableHead>When</TableHead>
          <TableHead hidden>Action</TableHead>
        </tr>
      </thead>
      <tbody>
        {letters.map((letter) => (
          <tr key={letter.id}>
            <td style={{ fontWeight: 500 }} className="nw">
              <Mark name="failed" /> {letter.job}
            </td>
            <td className="wrap">
              <bdi>{letter.subject}</bdi>
            </td>
            <td className="mut wrap">{letter.reason}</td>
            <td className="nw">
              <When at={letter.at} timeZone={timeZone} />
            </td>
            <td className="num">
              {hasRole(scope, "Security Admin", letter.accountId) ? (
                <ScanButton action={retryDeadLetter} id={letter.id} label="Try again" small />
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** That jobs gave up, where it matters that they did. */
export function DeadLetterNotice({ amount }: { amount: number }) {
  return (
    <Partial
      action={
        <Link className="lnk" href="/settings/system" prefetch={false}>
          Why, and try again
        </Link>
      }
    >
      {plural(amount, "job")} gave up after all retries, so what they should have read is not read.
    </Partial>
  );
}

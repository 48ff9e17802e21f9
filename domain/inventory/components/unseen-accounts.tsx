"use client";

import Link from "next/link";
import { useSearchParams } from "next/navigation";
import type { ReactNode } from "react";
import { plural } from "@/components/format";
import { Name } from "@/components/name";
import { Partial } from "@/components/problem";
import { type AccountSight, unseenUnder } from "../sight";

const NAMED = 3;
const SAID = {
  nothing: "that could not be looked at",
  part: "looked at only in part",
  unasked: "not looked at yet",
} as const;

/** The first accounts by name, as links, and how many others. */
function Named({ accounts }: { accounts: readonly AccountSight[] }): ReactNode {
  const rest = accounts.length - NAMED;
  return (
    <>
      {accounts.slice(0, NAMED).map((account, index) => (
        <span key={account.id}>
          {index === 0 ? "" : ", "}
          <Link href={`/accounts/${account.id}`} prefetch={false} className="lnk">
            <Name text={account.name} />
          </Link>
        </span>
      ))}
      {rest > 0 ? ` and ${plural(rest, "other")}` : ""}.
    </>
  );
}

/** Accounts under the address's filter that were not looked at completely: what runs there may be in no list and no score. Nothing when every one was. */
export function UnseenAccounts({ accounts }: { accounts: readonly AccountSight[] }) {
  const unseen = unseenUnder(useSearchParams(), accounts);
  if (unseen.length === 0) return null;
  return (
    <Partial
      action={
        <Link className="lnk" href="/accounts" prefetch={false}>
          Why and how to repair
        </Link>
      }
    >
      {(["nothing", "part", "unasked"] as const).map((told) => {
        const own = unseen.filter((account) => account.told === told);
        return own.length === 0 ? null : (
          <span key={told}>
            {own.length === 1 ? "Account" : plural(own.length, "account")} {SAID[told]}: <Named accounts={own} />{" "}
          </span>
        );
      })}
      Clusters there may be missing here and in the score.
    </Partial>
  );
}

"use client";

import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { plural } from "@/components/format";
import { Name } from "@/components/name";
import { Partial } from "@/components/problem";
import type { AccountRow } from "../queries";

export type UnseenAccount = Pick<AccountRow, "id" | "name" | "provider">;

const NAMED = 3;

/** What of `name` the address chooses; everything where it chooses nothing. */
const chosen = (params: URLSearchParams, name: string, value: string): boolean => {
  const values = params.getAll(name).flatMap((each) => each.split(","));
  return values.length === 0 || values.includes(value);
};

/** Accounts under the address's filter that were not looked at: what runs there is in no list and no score. Nothing when every one was. */
export function UnseenAccounts({ accounts }: { accounts: readonly UnseenAccount[] }) {
  const params = useSearchParams();
  const unseen = accounts.filter(
    ({ id, provider }) => chosen(params, "account", id) && chosen(params, "provider", provider),
  );
  if (unseen.length === 0) return null;
  const rest = unseen.length - NAMED;
  return (
    <Partial
      action={
        <Link className="lnk" href="/accounts" prefetch={false}>
          Why and how to repair
        </Link>
      }
    >
      {plural(unseen.length, "account")} could not be looked at, so what runs there is unknown and in no score:{" "}
      {unseen.slice(0, NAMED).map((account, index) => (
        <span key={account.id}>
          {index === 0 ? "" : ", "}
          <Link href={`/accounts/${account.id}`} prefetch={false} className="lnk">
            <Name text={account.name} />
          </Link>
        </span>
      ))}
      {rest > 0 ? ` and ${plural(rest, "other")}` : ""}.
    </Partial>
  );
}

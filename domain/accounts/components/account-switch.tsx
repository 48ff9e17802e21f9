"use client";

import { useQuery } from "@tanstack/react-query";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { useCarried } from "@/components/carried";
import { count, plural } from "@/components/format";
import { Icon } from "@/components/icon";
import { Menu, MenuChoice } from "@/components/menu";
import { Name, visible } from "@/components/name";

interface Named {
  id: string;
  name: string;
}

async function readAccounts(signal: AbortSignal): Promise<Named[]> {
  const response = await fetch("/api/v1/accounts", { signal });
  if (!response.ok) throw new Error("The accounts could not be read.");
  return ((await response.json()) as { items: Named[] }).items; // our own API's answer
}

const ALL = "all";
/** What belongs to one account and would leave nothing of another. */
const LEFT_BEHIND = ["cluster", "cursor", "finding", "point", "scan"];

/** Shows the overview and the lists of one account, or of all: it sets their own filter, and the navigation takes it along. */
export function AccountSwitch({ amount }: { amount: number }) {
  const { values, follows } = useCarried();
  const path = usePathname();
  const params = useSearchParams();
  const router = useRouter();
  const [isWanted, setWanted] = useState(false);
  const accounts = useQuery({
    queryKey: ["accounts"],
    queryFn: ({ signal }) => readAccounts(signal),
    enabled: isWanted || values.length > 0,
  });
  if (amount < 2) return null;
  const [one] = values;
  const chosen = values.length === 1 ? accounts.data?.find(({ id }) => id === one) : undefined;
  const words = chosen === undefined ? plural(values.length, "account") : visible(chosen.name);
  const choose = (id: string): void => {
    const next = new URLSearchParams(follows ? params : undefined);
    for (const name of [...LEFT_BEHIND, "account"]) next.delete(name);
    if (id !== ALL) next.set("account", id);
    router.push(`${follows ? path : "/"}${next.size === 0 ? "" : `?${next}`}`);
  };
  const options = (accounts.data ?? []).map(({ id, name }) => ({ value: id, label: <Name text={name} />, text: name }));
  return (
    <Menu
      align="start"
      onOpen={() => setWanted(true)}
      trigger={
        <button type="button" className="scope" title={follows || values.length === 0 ? undefined : `Lists: ${words}`}>
          <span className="el">
            <span className="vh">Accounts: </span>
            {follows && values.length > 0 ? words : "All accounts"}
          </span>
          <span className="dim">
            {follows && values.length > 0 ? "" : values.length === 0 ? count(amount) : "here"}
          </span>
          <Icon name="updown" />
        </button>
      }
    >
      <MenuChoice
        label="Show"
        value={values.length === 0 ? ALL : values.length === 1 ? (one ?? null) : null}
        options={[{ value: ALL, label: "All accounts", text: "All accounts" }, ...options]}
        onChange={choose}
      />
      {accounts.isPending ? <p className="item-label">Reading the accounts</p> : null}
      {accounts.isError ? <p className="item-label">The accounts could not be read.</p> : null}
    </Menu>
  );
}

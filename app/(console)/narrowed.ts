import "server-only";
import { redirect } from "next/navigation";
import { z } from "zod";
import { type AccountScope, narrowScope } from "@/domain/access/scope";
import { parseLoosely, type QueryRecord } from "@/lib/http/list-query";
import { manyIds } from "@/lib/http/parameter";

const askedSchema = z.object({ account: manyIds("Accounts.") });

export interface Narrowed {
  /** The given scope, or what of it lies in the accounts that the address names. */
  scope: AccountScope;
  /** Those accounts, for links to lists that take the same filter; empty when the address names none. */
  place: { account?: string };
}

/** Narrows a page to the accounts of its address, as lists do by their filter. What names no account leaves the address by a redirect to `path`. */
export function narrowed(scope: AccountScope, path: string, record: QueryRecord): Narrowed {
  const { account } = parseLoosely(askedSchema, record);
  if (account.length > 0) return { scope: narrowScope(scope, account), place: { account: account.join(",") } };
  if (record.account === undefined) return { scope, place: {} };
  const { account: _dropped, ...rest } = record;
  const kept = new URLSearchParams(
    Object.entries(rest).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
  redirect(kept.size === 0 ? path : `${path}?${kept}`);
}

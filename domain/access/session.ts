import "server-only";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { z } from "zod";
import { auth } from "./auth";
import { grantsOf } from "./queries";
import { type AccountScope, mintScope } from "./scope";

const userSchema = z.object({ id: z.string(), name: z.string(), email: z.string() });

/** The scope of the request's session; null when nobody is signed in. Reads once per request. */
export const currentScope = cache(async (): Promise<AccountScope | null> => {
  const session = await auth().api.getSession({ headers: await headers() });
  if (session === null) return null;
  const user = userSchema.parse(session.user);
  return mintScope(user.id, user.name, await grantsOf(user.id));
});

/** The session gate of pages and actions: mints the scope, or sends the visitor to sign in. */
export async function requireScope(): Promise<AccountScope> {
  const scope = await currentScope();
  if (scope === null) redirect("/sign-in");
  return scope;
}

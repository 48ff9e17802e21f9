import "server-only";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { z } from "zod";
import { auth } from "./auth";
import { originOf } from "./origin";
import { grantsOf } from "./queries";
import { type AccountScope, mintScope } from "./scope";

const userSchema = z.object({ id: z.string(), name: z.string(), email: z.string() });
const sessionSchema = z.object({ id: z.string() });

/** The scope of the session whose cookie the headers carry; null when there is none. */
export async function sessionScope(given: Headers): Promise<AccountScope | null> {
  const found = await auth().api.getSession({ headers: given });
  if (found === null) return null;
  const user = userSchema.parse(found.user);
  const sessionId = sessionSchema.parse(found.session).id;
  return mintScope(user.id, user.name, await grantsOf(user.id), { sessionId, origin: originOf(given) });
}

/** The scope of the request's session; null when nobody is signed in. Reads once per request. */
export const currentScope = cache(async (): Promise<AccountScope | null> => sessionScope(await headers()));

/** The session gate of pages and actions: mints the scope, or sends the visitor to sign in. */
export async function requireScope(): Promise<AccountScope> {
  const scope = await currentScope();
  if (scope === null) redirect("/sign-in");
  return scope;
}

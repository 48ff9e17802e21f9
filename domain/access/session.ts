import "server-only";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { z } from "zod";
import { auth } from "./auth";
import { ASKED_HEADER, destinationOf, withDestination } from "./destination";
import { originOf } from "./origin";
import { standingOf } from "./queries";
import { type AccountScope, mintScope } from "./scope";

const userSchema = z.object({ id: z.string(), name: z.string(), email: z.string() });
const sessionSchema = z.object({ id: z.string() });

export interface Standing {
  scope: AccountScope;
  /** Until the second factor that an Owner requires is set up, the scope serves for setting it up and nothing else. */
  mustEnrol: boolean;
}

/** Who the session of these headers' cookie belongs to; null when there is none. */
export async function sessionStanding(given: Headers): Promise<Standing | null> {
  const found = await auth().api.getSession({ headers: given });
  if (found === null) return null;
  const user = userSchema.parse(found.user);
  const sessionId = sessionSchema.parse(found.session).id;
  const { grants, mustEnrol } = await standingOf(user.id);
  return { scope: mintScope(user.id, user.name, grants, { sessionId, origin: originOf(given) }), mustEnrol };
}

/**
 * The request's headers with the cookies as they are now. An action may have begun a new session (a second factor, a new password); the page
 * that is drawn with its answer must see that one, and `headers()` tells what the browser sent.
 */
async function headersNow(): Promise<Headers> {
  const now = new Headers(await headers());
  now.set("cookie", (await cookies()).toString());
  return now;
}

/** The standing of the request's session; reads once per request. */
export const currentStanding = cache(async (): Promise<Standing | null> => sessionStanding(await headersNow()));

/** Sends to sign in, and from there back to what was asked for. */
async function signInFirst(): Promise<never> {
  redirect(withDestination("/sign-in", destinationOf((await headers()).get(ASKED_HEADER))));
}

/** The session gate of pages and actions: mints the scope, or sends the visitor to sign in or to set up the second factor. */
export async function requireScope(): Promise<AccountScope> {
  const standing = await currentStanding();
  if (standing === null) return signInFirst();
  if (standing.mustEnrol) redirect("/welcome/second-factor");
  return standing.scope;
}

/** The gate of one's own sign-in: also for who must first set up a second factor. Use it for nothing else. */
export async function requireSelf(): Promise<AccountScope> {
  const standing = await currentStanding();
  if (standing === null) return signInFirst();
  return standing.scope;
}

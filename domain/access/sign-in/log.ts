import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";
import { z } from "zod";
import { logFor, reasonOf } from "@/lib/log";
import { originOf } from "../origin";
import { noteFailedSignIn, noteSecondFactor, noteSignIn } from "./mutations";

const log = logFor("sign-in");

/**
 * How a person signed in, by the endpoint that made the session. A link's spending writes its own entry, and so does a code of
 * the authenticator app: whether it was used before is known only after this.
 */
const WAYS: Readonly<Record<string, string>> = {
  "/sign-in/email": "password",
  "/two-factor/verify-backup-code": "password and backup code",
};
const APP = "/two-factor/verify-totp";
const bodySchema = z.object({ email: z.string().max(254) });

/** Writes sign-ins, failed ones of people we know, and a new second factor into the audit log. */
export const signInLog = () =>
  ({
    id: "sign-in-log",
    hooks: {
      after: [
        {
          matcher: (context) => context.path !== undefined && (context.path in WAYS || context.path === APP),
          handler: createAuthMiddleware(async (ctx) => {
            const origin = originOf(ctx.headers ?? new Headers());
            const { newSession, session, returned } = ctx.context;
            if (returned instanceof APIError) {
              const body = bodySchema.safeParse(ctx.body);
              // Not awaited: the answer must not take longer for an address that we know than for one that we do not.
              if (body.success)
                noteFailedSignIn(body.data.email.trim().toLowerCase(), origin).catch((error: unknown) =>
                  log.error("a failed sign-in is not in the audit log", { reason: reasonOf(error) }),
                );
              return;
            }
            if (newSession === null || newSession === undefined) return; // the second factor is still to come
            const { user, session: made } = newSession;
            // Somebody who was signed in already has just proved a new authenticator app.
            if (session !== null && session !== undefined) await noteSecondFactor(user, made.id, origin);
            else if (ctx.path !== APP) await noteSignIn(user, WAYS[ctx.path] ?? "", origin);
          }),
        },
      ],
    },
  }) satisfies BetterAuthPlugin;

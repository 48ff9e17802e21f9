import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthEndpoint } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { z } from "zod";
import { spendSignInToken, TokenError } from "./mutations";
import { originOf } from "./origin";

/** POST only, so neither a prefetch nor a mail scanner can spend the link. */
export const signInLink = () =>
  ({
    id: "sign-in-link",
    endpoints: {
      signInByLink: createAuthEndpoint(
        "/sign-in/link",
        { method: "POST", body: z.object({ token: z.string().max(200) }) },
        async (ctx) => {
          let userId: string;
          try {
            userId = await spendSignInToken(ctx.body.token, originOf(ctx.headers ?? new Headers()));
          } catch (error) {
            if (error instanceof TokenError) throw new APIError("UNAUTHORIZED", { message: error.message });
            throw error;
          }
          const user = await ctx.context.internalAdapter.findUserById(userId);
          if (user === null) throw new APIError("UNAUTHORIZED", { message: "This link belongs to nobody." });
          const session = await ctx.context.internalAdapter.createSession(userId);
          await setSessionCookie(ctx, { session, user });
          return ctx.json({ signedIn: true });
        },
      ),
    },
  }) satisfies BetterAuthPlugin;

import "server-only";
import type { BetterAuthPlugin } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { z } from "zod";
import { equalInConstantTime, randomToken } from "@/lib/crypto";
import { logFor, reasonOf } from "@/lib/log";
import { consoleUrl } from "../console-url";
import { destinationOf, withDestination } from "../destination";
import { originOf } from "../origin";
import { OidcError } from "./id-token";
import { takeIdentity } from "./mutations";
import { Provider } from "./provider";
import { oidcSetting } from "./setting";

const log = logFor("oidc");
const COOKIE = "oidc";
const MAX_AGE_SECONDS = 600;
const CALLBACK = "/api/auth/oidc/callback";
const pendingSchema = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), to: z.string() });
const askedSchema = z.object({ to: z.string().optional() });
const querySchema = z.object({
  code: z.string().max(4000).optional(),
  state: z.string().max(200).optional(),
  iss: z.string().max(500).optional(),
  error: z.string().max(200).optional(),
});

let provider: Provider | undefined;

/** Sign-in through an OpenID provider: code flow with PKCE, state and nonce in a signed cookie of ten minutes. */
export const oidc = () =>
  ({
    id: "oidc",
    endpoints: {
      beginOidc: createAuthEndpoint("/oidc/begin", { method: "GET", query: askedSchema }, async (ctx) => {
        const setting = oidcSetting();
        if (setting === null) throw ctx.redirect("/sign-in");
        provider ??= new Provider(setting, `${consoleUrl()}${CALLBACK}`);
        const pending = { state: randomToken(), nonce: randomToken(), verifier: randomToken(48) };
        const to = destinationOf(ctx.query.to);
        let url: string;
        try {
          url = await provider.authorizationUrl(pending);
        } catch (error) {
          log.error("the provider cannot be asked", { reason: reasonOf(error) });
          throw ctx.redirect(withDestination("/sign-in?sso=unreachable", to));
        }
        const cookie = ctx.context.createAuthCookie(COOKIE, { maxAge: MAX_AGE_SECONDS });
        await ctx.setSignedCookie(
          cookie.name,
          JSON.stringify({ ...pending, to }),
          ctx.context.secret,
          cookie.attributes,
        );
        throw ctx.redirect(url);
      }),
      finishOidc: createAuthEndpoint("/oidc/callback", { method: "GET", query: querySchema }, async (ctx) => {
        const setting = oidcSetting();
        if (setting === null) throw ctx.redirect("/sign-in");
        provider ??= new Provider(setting, `${consoleUrl()}${CALLBACK}`);
        const cookie = ctx.context.createAuthCookie(COOKIE, { maxAge: MAX_AGE_SECONDS });
        const kept = await ctx.getSignedCookie(cookie.name, ctx.context.secret);
        ctx.setCookie(cookie.name, "", { ...cookie.attributes, maxAge: 0 });
        let userId: string;
        let to = "/";
        try {
          const { code, state, iss, error } = ctx.query;
          if (typeof kept !== "string" || kept === "") throw new OidcError("This browser began no sign-in.");
          const pending = pendingSchema.parse(JSON.parse(kept));
          to = destinationOf(pending.to);
          if (state === undefined || !equalInConstantTime(state, pending.state))
            throw new OidcError("The answer belongs to another sign-in.");
          if (iss !== undefined && iss !== setting.issuer) throw new OidcError("The answer is of another issuer.");
          if (error === "access_denied") throw new OidcError("It was cancelled at the provider.", "cancelled");
          if (code === undefined) throw new OidcError(`The provider refused: ${error ?? "no code"}.`);
          const claims = await provider.redeem(code, pending);
          userId = await takeIdentity(claims, setting, originOf(ctx.headers ?? new Headers()));
        } catch (error) {
          log.warn("a single sign-on failed", { reason: reasonOf(error) });
          const told = error instanceof OidcError ? error.told : "failed";
          throw ctx.redirect(withDestination(`/sign-in?sso=${told}`, to));
        }
        const user = await ctx.context.internalAdapter.findUserById(userId);
        if (user === null) throw ctx.redirect("/sign-in?sso=failed");
        const session = await ctx.context.internalAdapter.createSession(userId);
        await setSessionCookie(ctx, { session, user });
        throw ctx.redirect(to);
      }),
    },
  }) satisfies BetterAuthPlugin;

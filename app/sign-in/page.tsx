import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Gate } from "@/components/gate";
import { FormProblem } from "@/components/problem";
import { SignInForm } from "@/domain/access/components/forms";
import { destinationOf, withDestination } from "@/domain/access/destination";
import { oidcSetting } from "@/domain/access/oidc/setting";
import { currentStanding } from "@/domain/access/session";

export const metadata: Metadata = { title: "Sign in" };

/** Told of a single sign-on that did not work; why stands in the log, where strangers cannot read it. */
const FAILED: Readonly<Record<string, string>> = {
  failed: "Single sign-on did not work. Try again, or ask an Owner to look into the log.",
  cancelled: "Single sign-on was cancelled at the provider. Nothing was changed.",
  taken:
    "A person here has your e-mail address already, and signs in another way. Sign in as before; if you cannot, an Owner must let you back in.",
  unreachable: "The sign-in provider cannot be reached. Try again in a moment.",
};

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { sso, recovered, to: asked } = await searchParams;
  const to = destinationOf(asked);
  if ((await currentStanding()) !== null) redirect(to);
  return (
    <Gate title="Sign in" sub="People are invited; nobody can sign up.">
      <SignInForm to={to}>
        <FormProblem text={typeof sso === "string" && Object.hasOwn(FAILED, sso) ? FAILED[sso] : undefined} />
        {recovered === undefined ? null : <p role="status">Your new password is set. Sign in with it.</p>}
        {oidcSetting() === null ? null : (
          // A plain link: the way to the provider is a redirect, which a form of this page may not follow.
          <a className="btn" href={withDestination("/api/auth/oidc/begin", to)}>
            Single sign-on
          </a>
        )}
      </SignInForm>
      <p className="sm mut">
        Lost your password or second factor? Ask an Owner, or, as the only one, run{" "}
        <code className="wrap">npx seawall access recover EMAIL</code> on the server.
      </p>
    </Gate>
  );
}

import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Gate } from "@/components/gate";
import { FormProblem } from "@/components/problem";
import { SignInForm } from "@/domain/access/components/forms";
import { oidcSetting } from "@/domain/access/oidc/setting";
import { currentStanding } from "@/domain/access/session";

export const metadata: Metadata = { title: "Sign in" };

/** Told of a single sign-on that did not work; why stands in the log, where strangers cannot read it. */
const FAILED: Readonly<Record<string, string>> = {
  failed: "Single sign-on did not work. Try again, or ask an Owner to look into the log.",
  unreachable: "The sign-in provider cannot be reached. Try again in a moment.",
};

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  if ((await currentStanding()) !== null) redirect("/");
  const { sso, recovered } = await searchParams;
  return (
    <Gate title="Sign in" sub="People are invited; nobody can sign up.">
      <FormProblem text={typeof sso === "string" && Object.hasOwn(FAILED, sso) ? FAILED[sso] : undefined} />
      {oidcSetting() === null ? null : (
        // A plain link: the way to the provider is a redirect, which a form of this page may not follow.
        <a className="btn" href="/api/auth/oidc/begin">
          Single sign-on
        </a>
      )}
      {recovered === undefined ? null : <p role="status">Your new password is set. Sign in with it.</p>}
      <SignInForm />
      <p className="sm mut">
        Lost your password or second factor? Ask an Owner, or, as the only one, run{" "}
        <code className="wrap">npm run seawall -- access recover</code> on the server.
      </p>
    </Gate>
  );
}

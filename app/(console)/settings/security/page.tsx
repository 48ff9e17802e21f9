import type { Metadata } from "next";
import { Mark } from "@/components/marks";
import { PageHead, Section } from "@/components/section";
import { hasRole } from "@/domain/access/scope";
import { CodesLeft } from "@/domain/access/second-factor/components/codes-left";
import { Enrol } from "@/domain/access/second-factor/components/enrol";
import { FactorPolicy, ManageFactor, PasswordForm } from "@/domain/access/second-factor/components/manage";
import { backupCodesLeft, ownSignIn } from "@/domain/access/second-factor/queries";
import { requireScope } from "@/domain/access/session";

export const metadata: Metadata = { title: "Sign-in" };

export default async function SecurityPage() {
  const scope = await requireScope();
  const [own, left] = await Promise.all([ownSignIn(scope), backupCodesLeft(scope)]);
  return (
    <>
      <PageHead title="Sign-in" sub={`How you sign in${own === null ? "" : `: ${own.email}`}`} />
      <Section
        title="Second factor"
        remark={
          own?.required === true ? "required here of everybody with a password" : "a code of an authenticator app"
        }
      >
        {own?.password !== true ? (
          <p className="mut">You sign in without a password here, so a second factor is asked for where you sign in.</p>
        ) : (
          <>
            {own.secondFactor ? (
              <p style={{ marginBottom: 12 }}>
                <Mark name="complete" /> On. Signing in takes your password and a code.{" "}
                {left === null ? null : <CodesLeft left={left} />}
              </p>
            ) : (
              <p className="mut" style={{ marginBottom: 12 }}>
                Off. Whoever learns your password can sign in as you.
              </p>
            )}
            <Enrol on={own.secondFactor}>
              <ManageFactor />
            </Enrol>
          </>
        )}
      </Section>
      {own?.password === true ? (
        <Section title="Password">
          <PasswordForm />
        </Section>
      ) : null}
      {hasRole(scope, "Owner") && own !== null ? (
        <Section title="For everybody">
          <FactorPolicy key={String(own.required)} required={own.required} />
        </Section>
      ) : null}
    </>
  );
}

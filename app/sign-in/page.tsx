import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Gate } from "@/components/gate";
import { SignInForm } from "@/domain/access/components/forms";
import { currentScope } from "@/domain/access/session";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage() {
  if ((await currentScope()) !== null) redirect("/");
  return (
    <Gate title="Sign in" sub="People are invited; nobody can sign up.">
      <SignInForm />
    </Gate>
  );
}

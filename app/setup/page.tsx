import type { Metadata } from "next";
import { Gate } from "@/components/gate";
import { SetupForm } from "@/domain/access/components/forms";
import { isTokenOpen } from "@/domain/access/queries";
import { tokenSchema } from "@/domain/access/schema";

export const metadata: Metadata = { title: "First run" };

export default async function SetupPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const token = tokenSchema.safeParse((await searchParams).token);
  if (!token.success || !(await isTokenOpen("setup", token.data))) {
    return (
      <Gate
        title="This link does not work"
        sub="It was used already, has expired or is incomplete. Starting Seawall prints a new one while there is no Owner."
      >
        <a className="btn" href="/sign-in">
          Sign in
        </a>
      </Gate>
    );
  }
  return (
    <Gate title="Create the Owner" sub="The Owner connects cloud accounts and invites others. This page works once.">
      <SetupForm token={token.data} />
    </Gate>
  );
}

import type { Metadata } from "next";
import { Gate } from "@/components/gate";
import { LinkForm } from "@/domain/access/components/forms";
import { isTokenOpen } from "@/domain/access/queries";
import { tokenSchema } from "@/domain/access/schema";

export const metadata: Metadata = { title: "Welcome" };

/** Opening this page changes nothing, so a prefetch cannot spend the link; its button does. */
export default async function WelcomePage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const token = tokenSchema.safeParse((await searchParams).token);
  if (!token.success || !(await isTokenOpen("sign-in", token.data))) {
    return (
      <Gate
        title="This link does not work"
        sub="It was used already, has expired or is incomplete. Starting again prints a new one."
      >
        <a className="btn" href="/sign-in">
          Sign in
        </a>
      </Gate>
    );
  }
  return (
    <Gate title="Welcome to Seawall" sub="This link signs you in once, on this browser.">
      <LinkForm token={token.data} />
    </Gate>
  );
}

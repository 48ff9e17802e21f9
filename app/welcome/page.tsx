import type { Metadata } from "next";
import { Gate } from "@/components/gate";
import { InvitationForm, LinkForm } from "@/domain/access/components/forms";
import { openInvitation } from "@/domain/access/people/queries";
import { isTokenOpen } from "@/domain/access/queries";
import { NewPasswordForm } from "@/domain/access/recovery/components/new-password-form";
import { openRecovery, tokensBehind } from "@/domain/access/recovery/queries";
import { tokenSchema } from "@/domain/access/schema";

export const metadata: Metadata = { title: "Welcome" };

function Useless({ next }: { next: string }) {
  return (
    <Gate title="This link does not work" sub={`It was used already, has expired or is incomplete. ${next}`}>
      <a className="btn" href="/sign-in">
        Sign in
      </a>
    </Gate>
  );
}

async function Invitation({ token }: { token: string }) {
  const invitation = await openInvitation(token);
  if (invitation === null) return <Useless next="Ask for a new invitation." />;
  return (
    <Gate title="Welcome to Seawall" sub={`${invitation.inviter} invites you as ${invitation.role}.`}>
      <InvitationForm token={token} email={invitation.email} />
    </Gate>
  );
}

async function Recovery({ token }: { token: string }) {
  const recovery = await openRecovery(token);
  if (recovery === null) return <Useless next="Ask an Owner for a new one." />;
  const factor = recovery.factor === "off" ? " Your second factor is taken off with it." : "";
  return (
    <Gate title="Choose a new password" sub={`All your sessions end when it is set.${factor}`}>
      <NewPasswordForm token={token} email={recovery.email} apiTokens={await tokensBehind(token)} />
    </Gate>
  );
}

/** Opening this page changes nothing, so a prefetch cannot spend the link; its button does. */
export default async function WelcomePage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const parameters = await searchParams;
  const invitation = tokenSchema.safeParse(parameters.invitation);
  if (invitation.success) return <Invitation token={invitation.data} />;
  const recovery = tokenSchema.safeParse(parameters.recovery);
  if (recovery.success) return <Recovery token={recovery.data} />;
  const token = tokenSchema.safeParse(parameters.token);
  if (!token.success || !(await isTokenOpen("sign-in", token.data)))
    return <Useless next="Starting again prints a new one." />;
  return (
    <Gate title="Welcome to Seawall" sub="This link signs you in once, on this browser.">
      <LinkForm token={token.data} />
    </Gate>
  );
}

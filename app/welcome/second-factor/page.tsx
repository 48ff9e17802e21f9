import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Gate } from "@/components/gate";
import { signOut } from "@/domain/access/actions";
import { Enrol } from "@/domain/access/second-factor/components/enrol";
import { ownSignIn } from "@/domain/access/second-factor/queries";
import { currentStanding } from "@/domain/access/session";

export const metadata: Metadata = { title: "Set up a second factor" };

/** Where everybody lands who must have a second factor and has none yet. */
export default async function SecondFactorPage() {
  const standing = await currentStanding();
  if (standing === null) redirect("/sign-in");
  const isOn = (await ownSignIn(standing.scope))?.secondFactor === true;
  if (!standing.mustEnrol && !isOn) redirect("/settings/security");
  return (
    <Gate
      title="Set up a second factor"
      sub="An Owner requires one of everybody who signs in with a password. It takes a minute and an authenticator app."
    >
      <Enrol on={isOn}>
        <a className="btn pri" href="/">
          Go to the console
        </a>
      </Enrol>
      <form action={signOut}>
        <button type="submit" className="btn ghost">
          Sign out
        </button>
      </form>
    </Gate>
  );
}

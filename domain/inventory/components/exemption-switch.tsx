import Link from "next/link";
import { EXEMPTION_SWITCH, type Exemptions } from "../exemptions";

/** Looks at the same with exemptions, or as if there were none. `href`: the address of the other. */
export function ExemptionSwitch({ exemptions, href }: { exemptions: Exemptions; href: string }) {
  return (
    <Link className="btn" href={href} prefetch={false}>
      {exemptions === "without" ? EXEMPTION_SWITCH.on : EXEMPTION_SWITCH.off}
    </Link>
  );
}

import type { ReactNode } from "react";
import { NavLink } from "@/components/nav-link";
import { Subnav } from "@/components/subnav";
import { requireScope } from "@/domain/access/session";
import { sectionsFor } from "./sections";

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const scope = await requireScope();
  return (
    <div className="settings">
      <Subnav label="Settings">
        <ul>
          {sectionsFor(scope).map((section) => (
            <li key={section.href}>
              <NavLink href={section.href} label={section.label} />
            </li>
          ))}
        </ul>
      </Subnav>
      <div className="settings-body">{children}</div>
    </div>
  );
}

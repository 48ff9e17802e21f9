import type { ReactNode } from "react";
import { NavLink } from "@/components/nav-link";
import { hasRole } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { SETTINGS_SECTIONS } from "./sections";

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const scope = await requireScope();
  const held = (needs: (typeof SETTINGS_SECTIONS)[number]["needs"]) =>
    needs === undefined ||
    hasRole(scope, needs) ||
    (scope.accountIds ?? []).some((account) => hasRole(scope, needs, account));
  return (
    <div className="settings">
      <nav aria-label="Settings" className="subnav">
        <ul>
          {SETTINGS_SECTIONS.filter((section) => held(section.needs)).map((section) => (
            <li key={section.href}>
              <NavLink href={section.href} label={section.label} />
            </li>
          ))}
        </ul>
      </nav>
      <div className="settings-body">{children}</div>
    </div>
  );
}

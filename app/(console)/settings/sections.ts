import { type AccountScope, hasRole, type Role } from "@/domain/access/scope";

export interface SettingsSection {
  href: string;
  label: string;
  /** The weakest role that may open it, on everything or on an account; everyone when absent. */
  needs?: Role;
}

/** The entries of the settings' navigation, in order. The page itself authorises; this only decides what is shown. */
const SETTINGS_SECTIONS: readonly SettingsSection[] = [
  { href: "/settings/people", label: "People", needs: "Owner" },
  { href: "/settings/tokens", label: "API tokens" },
  { href: "/settings/sessions", label: "Sessions" },
  { href: "/settings/security", label: "Sign-in" },
  { href: "/settings/audit", label: "Audit log", needs: "Security Admin" },
  { href: "/settings/parameters", label: "Control parameters" },
  { href: "/settings/notifications", label: "Notifications" },
  { href: "/settings/system", label: "System health", needs: "Security Reader" },
  { href: "/api", label: "API reference" },
];

/** The entries that the scope may open; one lands on the first. */
export const sectionsFor = (scope: AccountScope): SettingsSection[] =>
  SETTINGS_SECTIONS.filter(
    ({ needs }) =>
      needs === undefined ||
      hasRole(scope, needs) ||
      (scope.accountIds ?? []).some((account) => hasRole(scope, needs, account)),
  );

import type { ReactNode } from "react";
import { NavTabs } from "@/components/nav-tabs";
import { PageHead } from "@/components/section";
import { hasRole } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";

export default async function NotificationsLayout({ children }: { children: ReactNode }) {
  const scope = await requireScope();
  const root = "/settings/notifications";
  const tabs = [
    { href: root, label: "Yours" },
    { href: `${root}/deliveries`, label: "Deliveries" },
    ...(hasRole(scope, "Security Admin")
      ? [
          { href: `${root}/routes`, label: "Routes" },
          { href: `${root}/mail`, label: "Mail server and limits" },
        ]
      : []),
  ];
  return (
    <>
      <PageHead title="Notifications" sub="What is mailed, to whom, how often, and what became of it" />
      <NavTabs label="Notifications" tabs={tabs} />
      <div style={{ paddingTop: 20 }}>{children}</div>
    </>
  );
}

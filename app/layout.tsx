import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Seawall", template: "%s · Seawall" },
  robots: { index: false, follow: false },
  referrer: "same-origin",
};
export const viewport: Viewport = { width: "device-width", initialScale: 1 };
// Every page depends on the session and carries the request's nonce.
export const dynamic = "force-dynamic";

export default async function RootLayout({ children }: { children: ReactNode }) {
  const chosen = (await cookies()).get("seawall-theme")?.value;
  const theme = chosen === "dark" || chosen === "light" ? { "data-theme": chosen } : {};
  return (
    <html lang="en" {...theme} suppressHydrationWarning>
      <body>
        <svg width="0" height="0" style={{ position: "absolute" }} aria-hidden="true">
          <defs>
            <pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <path d="M0 0V4" stroke="var(--ink-4)" strokeWidth="1.6" />
            </pattern>
          </defs>
        </svg>
        {children}
      </body>
    </html>
  );
}

import type { ReactNode } from "react";
import { Mark } from "./marks";

/**
 * Nothing found: it was looked at, and there is nothing. Never use it for what could not be looked at. `holds`: nothing is what
 * everybody hopes for, and all of it was looked at; only that is ticked.
 */
export function Empty({ title, holds = false, children }: { title: string; holds?: boolean; children?: ReactNode }) {
  return (
    <div className="empty">
      <h2>
        {holds ? <Mark name="healthy" /> : null}
        {title}
      </h2>
      {children}
    </div>
  );
}

/** Could not look: dashed and hatched, with the cause and what repairs it. */
export function CouldNotLook({ children }: { children: ReactNode }) {
  return (
    <div className="banner hat">
      <span>{children}</span>
    </div>
  );
}

/** A fact that nobody told: the hatched tag, with the permission that would tell it. */
export function NotTold({ words = "not told by the cloud", permission }: { words?: string; permission?: string }) {
  return (
    <>
      <span className="nev">
        <span>{words}</span>
      </span>
      {permission === undefined ? null : <code className="mut"> {permission}</code>}
    </>
  );
}

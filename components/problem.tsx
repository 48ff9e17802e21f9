import type { ReactNode } from "react";
import { Mark } from "./marks";

/** Something did not work: what, what was not harmed, and what to do. Ink and shape, never red. */
export function Problem({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <div className="problem" role="alert">
      <Mark name="failed" />
      <div className="wrap">
        {title === undefined ? null : <b style={{ fontWeight: 600 }}>{title} </b>}
        {children}
      </div>
    </div>
  );
}

/** What a form could not do; keeps its place in the page so that it is announced when it appears. */
export function FormProblem({ text }: { text: string | undefined }) {
  return (
    <div aria-live="polite">
      {text === undefined ? null : (
        <p className="problem">
          <Mark name="failed" />
          <span>{text}</span>
        </p>
      )}
    </div>
  );
}

/** Only a part could be read: dashed and hatched, with cause and repair. */
export function Partial({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="banner hat">
      <span className="wrap">{children}</span>
      {action === undefined ? null : <span className="spacer nw">{action}</span>}
    </div>
  );
}

/** Last known, not current: dated, and dimmed by the caller. */
export function Stale({ children }: { children: ReactNode }) {
  return (
    <div className="banner">
      <Mark name="stale" />
      <span className="wrap">{children}</span>
    </div>
  );
}

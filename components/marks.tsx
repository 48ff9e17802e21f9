import type { ReactNode } from "react";

export type MarkName =
  | "critical"
  | "high"
  | "medium"
  | "low"
  | "unknown"
  | "healthy"
  | "exempt"
  | "complete"
  | "partial"
  | "failed"
  | "running"
  | "stale"
  | "person";

const SHAPES: Readonly<Record<MarkName, ReactNode>> = {
  critical: <path d="M6 0 12 6 6 12 0 6Z" fill="currentColor" />,
  high: <path d="M6 .8 11.8 11H.2Z" fill="currentColor" />,
  medium: <circle cx="6" cy="6" r="4.75" fill="currentColor" />,
  low: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  unknown: (
    <>
      <rect
        x="1"
        y="1"
        width="10"
        height="10"
        rx="1.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.2"
        strokeDasharray="2 1.33"
      />
      <path d="M2.5 7 7 2.5M4.5 9.5l5-5" stroke="currentColor" strokeWidth="1.1" />
    </>
  ),
  healthy: <path d="m1.8 6.4 2.8 2.9 5.6-6.4" fill="none" stroke="var(--ink-2)" strokeWidth="1.6" />,
  exempt: (
    <path
      d="M6 1 10.5 2.6V6c0 2.6-2 4.2-4.5 5C3.5 10.2 1.5 8.6 1.5 6V2.6Z"
      fill="none"
      stroke="var(--ink-2)"
      strokeWidth="1.3"
    />
  ),
  complete: (
    <>
      <circle cx="6" cy="6" r="5.2" fill="none" stroke="var(--ink-2)" strokeWidth="1.3" />
      <path d="m3.6 6.2 1.7 1.7 3.2-3.6" fill="none" stroke="var(--ink-2)" strokeWidth="1.3" />
    </>
  ),
  partial: (
    <>
      <circle cx="6" cy="6" r="5.2" fill="none" stroke="var(--ink-2)" strokeWidth="1.3" strokeDasharray="2.2 1.2" />
      <path d="M6 1.8a4.2 4.2 0 0 0 0 8.4Z" fill="var(--ink-2)" />
    </>
  ),
  failed: (
    <>
      <circle cx="6" cy="6" r="5.6" fill="var(--ink)" />
      <path d="m4 4 4 4m0-4-4 4" stroke="var(--paper)" strokeWidth="1.4" />
    </>
  ),
  running: (
    <>
      <circle cx="6" cy="6" r="4.8" fill="none" stroke="var(--line-2)" strokeWidth="1.6" />
      <path d="M6 1.2A4.8 4.8 0 0 1 10.8 6" fill="none" stroke="var(--accent)" strokeWidth="1.6" />
    </>
  ),
  person: (
    <>
      <circle cx="6" cy="3.6" r="2.4" fill="none" stroke="var(--ink-2)" strokeWidth="1.3" />
      <path
        d="M1.4 11.4c.5-2.6 2.300-3.800 4.600-3.800s4.100 1.200 4.600 3.800"
        fill="none"
        stroke="var(--ink-2)"
        strokeWidth="1.3"
      />
    </>
  ),
  stale: (
    <>
      <circle cx="6" cy="6" r="5.2" fill="none" stroke="var(--ink-2)" strokeWidth="1.3" />
      <path d="M6 3v3.2l2 1.3" fill="none" stroke="var(--ink-2)" strokeWidth="1.3" />
    </>
  ),
};

/** A 12 px mark. Without `label` it is decoration beside its word. */
export function Mark({ name, label }: { name: MarkName; label?: string }) {
  if (label === undefined) {
    return (
      <svg className={`m ${name}`} viewBox="0 0 12 12" aria-hidden="true">
        {SHAPES[name]}
      </svg>
    );
  }
  return (
    <svg className={`m ${name}`} viewBox="0 0 12 12" role="img" aria-label={label}>
      {SHAPES[name]}
    </svg>
  );
}

"use client";

import { useId, useState } from "react";
import { Code } from "./code";

interface CodeTab {
  id: string;
  title: string;
  text: string;
  /** What is left to the reader. */
  open: string | null;
}

/** One of several ways to do the same, as tabs: arrows walk them. */
export function CodeTabs({ tabs, label = "Ways to fix it" }: { tabs: readonly CodeTab[]; label?: string }) {
  const [at, setAt] = useState(0);
  const id = useId();
  const shown = tabs[at] ?? tabs[0];
  if (shown === undefined) return null;
  const walk = (event: React.KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const next = (at + by + tabs.length) % tabs.length;
    setAt(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <div className="code-tabs">
      {tabs.length > 1 ? (
        <div className="tabs sml" role="tablist" aria-label={label}>
          {tabs.map((tab, index) => (
            <button
              key={`${tab.id}${tab.title}`}
              id={`${id}-${index}`}
              type="button"
              role="tab"
              aria-selected={tab === shown}
              aria-controls={`${id}-panel`}
              tabIndex={tab === shown ? 0 : -1}
              onClick={() => setAt(index)}
              onKeyDown={walk}
            >
              {tab.title.split(",")[0]}
            </button>
          ))}
        </div>
      ) : null}
      <div {...(tabs.length > 1 ? { role: "tabpanel", id: `${id}-panel`, "aria-labelledby": `${id}-${at}` } : {})}>
        <Code title={shown.title} text={shown.text} what={`Copy ${shown.id === "cli" ? "command" : shown.id}`} />
        {shown.open === null ? null : <p className="note">{shown.open}</p>}
      </div>
    </div>
  );
}

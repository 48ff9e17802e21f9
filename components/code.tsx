import { CopyButton } from "./copy-button";

/** Text in the machine's words, with its title and a copy button. Content is only ever text. */
export function Code({ title, text }: { title: string; text: string }) {
  return (
    <div className="code">
      <header>
        <span className="el">{title}</span>
        <span className="to">
          <CopyButton text={text} />
        </span>
      </header>
      {/* A scrolling region must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <pre className="raw" tabIndex={0} role="region" aria-label={title}>
        {text}
      </pre>
    </div>
  );
}

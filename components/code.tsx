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
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre className="raw" tabIndex={0}>
        {text}
      </pre>
    </div>
  );
}

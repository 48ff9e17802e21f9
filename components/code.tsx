import { CopyButton } from "./copy-button";

/** Text in the machine's words, with its title and a copy button. Content is only ever text. `wrap` where line ends mean nothing. */
export function Code({
  title,
  text,
  what = "Copy",
  wrap = false,
}: {
  title: string;
  text: string;
  what?: string;
  wrap?: boolean;
}) {
  return (
    <div className="code">
      <header>
        <span className="el">{title}</span>
        <span className="to">
          <CopyButton what={what} />
        </span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre className={wrap ? "raw rule" : "raw"} tabIndex={0}>
        {text}
      </pre>
    </div>
  );
}

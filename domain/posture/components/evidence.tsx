import { CopyButton } from "@/components/copy-button";
import { plural } from "@/components/format";
import { visible } from "@/components/name";
import type { FindingItem } from "../finding/schema";
import type { ExcerptLine } from "../fix/excerpt";
import type { Severity } from "../schema";

const SHOWN = 20;

/** Where the violation is: the object's own lines with the place marked, then every path with its message. */
export function Evidence({
  evidence,
  excerpt,
  severity,
}: {
  evidence: FindingItem["evidence"];
  excerpt: readonly ExcerptLine[] | null;
  severity: Severity;
}) {
  const first = evidence[0];
  if (first === undefined) return <p className="mut">The resource as a whole; there is no single path to point at.</p>;
  const others = excerpt === null ? evidence : evidence.slice(1);
  return (
    <>
      {excerpt === null ? null : (
        <div className={`code n hit-${severity}`}>
          <header>
            <span className="el mono tail" title={first.path}>
              <bdi>{first.path}</bdi>
            </span>
            <span className="to">
              <CopyButton text={first.path} what="Copy path" />
            </span>
          </header>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
          <pre tabIndex={0}>
            {excerpt.map((line, index) => (
              <span key={index} className={line.hit ? "l hit" : "l"}>
                {visible(line.text)}
                {"\n"}
              </span>
            ))}
          </pre>
        </div>
      )}
      {others.length === 0 ? null : (
        <ul className="paths">
          {others.slice(0, SHOWN).map((item) => (
            <li key={`${item.path}${item.message}`}>
              <code className="wrap">{visible(item.path)}</code>
              <span className="mut wrap">
                <bdi>{visible(item.message)}</bdi>
              </span>
            </li>
          ))}
          {others.length > SHOWN ? <li className="dim">and {plural(others.length - SHOWN, "more place")}</li> : null}
        </ul>
      )}
    </>
  );
}

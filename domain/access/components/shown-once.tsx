import { CopyButton } from "@/components/copy-button";

/** A secret that is shown this one time, with what to do with it. */
export function ShownOnce({ text, children }: { text: string; children: string }) {
  return (
    <div className="once" role="status">
      <p>{children}</p>
      <div className="code">
        <header>
          <span>Shown once</span>
          <span className="to">
            <CopyButton text={text} />
          </span>
        </header>
        <pre>
          <code className="l">{text}</code>
        </pre>
      </div>
    </div>
  );
}

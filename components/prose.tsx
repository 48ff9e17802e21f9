/** Text of ours with `code` in backticks. Everything stays text; nothing is parsed as markup. */
export function Prose({ text }: { text: string }) {
  const parts = text.split("`");
  return (
    <>
      {parts.map((part, index) => {
        const key = `${index}-${part}`;
        return index % 2 === 1 && index < parts.length - 1 ? (
          <code key={key}>{part}</code>
        ) : (
          <span key={key}>{part}</span>
        );
      })}
    </>
  );
}

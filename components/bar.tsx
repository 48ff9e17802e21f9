/** A bar from 0 to 100 %. `missing` is hatched at the right end: what nobody has seen. */
export function Bar({
  filled,
  missing = 0,
  width = 100,
  label,
  stale = false,
  thin = false,
}: {
  filled: number;
  missing?: number;
  width?: number;
  label?: string;
  stale?: boolean;
  thin?: boolean;
}) {
  const named = label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label };
  return (
    <span className={`bar${thin ? " thin" : ""}${stale ? " stale" : ""}`} style={{ width: `${width}%` }} {...named}>
      <i style={{ width: `${Math.max(0, Math.min(100, filled))}%` }} />
      {missing > 0 ? <i className="out" style={{ width: `${Math.min(100, missing)}%` }} /> : null}
    </span>
  );
}

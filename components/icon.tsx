const PATHS = {
  updown: "m5 6 3-3 3 3M5 10l3 3 3-3",
  search: "M11.25 7a4.25 4.25 0 1 1-8.5 0 4.25 4.25 0 0 1 8.5 0ZM10.25 10.25l3.25 3.25",
  down: "m4 6 4 4 4-4",
  up: "m4 10 4-4 4 4",
  close: "m4 4 8 8m0-8-8 8",
  copy: "M5.5 7A1.5 1.5 0 0 1 7 5.5h5A1.5 1.5 0 0 1 13.500 7v5a1.500 1.500 0 0 1-1.500 1.500H7A1.500 1.500 0 0 1 5.500 12ZM10.500 3v-.500h-8v8H3",
  menu: "M2.500 4.500h11M2.500 8h11M2.500 11.500h11",
  plus: "M8 3v10M3 8h10",
  scan: "M13.500 8A5.500 5.500 0 1 1 11.500 3.800M11.500 1.500v2.500H9",
  theme: "M13.5 8a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0Z",
} as const;

/** A 16 px line icon; always beside a word or inside a labelled control, so it is hidden from assistive technology. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg className="i" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
      {name === "theme" ? <path d="M8 2.500a5.500 5.500 0 0 1 0 11Z" fill="currentColor" /> : null}
    </svg>
  );
}

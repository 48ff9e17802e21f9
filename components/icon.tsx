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
  left: "m10 4-4 4 4 4",
  right: "m6 4 4 4-4 4",
  link: "M6.500 9.500 9.500 6.500M7 4.500l1.300-1.300a2.800 2.800 0 0 1 4 4L11 8.500M9 11.500l-1.300 1.300a2.800 2.800 0 0 1-4-4L5 7.500",
  download: "M8 2.500v8M4.800 7.500 8 10.700l3.200-3.200M2.800 13.500h10.400",
  columns: "M3 3h10v10H3ZM6.300 3v10M9.700 3v10",
  filter: "M2.500 4.500h11M4.500 8h7M6.500 11.500h3",
  more: "M3.500 8h.01M8 8h.01M12.500 8h.01",
  out: "M9.500 3.500h-6v9h6M7 8h6.500M11 5.500 13.500 8 11 10.500",
  check: "m3 8.500 3.200 3L13 4.500",
  help: "M5.800 6.200a2.200 2.200 0 1 1 3.100 2c-.600.300-.900.700-.900 1.300M8 12h.01",
  theme: "M13.5 8a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0Z",
} as const;
export type IconName = keyof typeof PATHS;

/** A 16 px (or 12 px) line icon; always beside a word or inside a labelled control, so it is hidden from assistive technology. */
export function Icon({ name, small = false }: { name: IconName; small?: boolean }) {
  return (
    <svg className={small ? "i s" : "i"} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
      {name === "theme" ? <path d="M8 2.500a5.500 5.500 0 0 1 0 11Z" fill="currentColor" /> : null}
    </svg>
  );
}

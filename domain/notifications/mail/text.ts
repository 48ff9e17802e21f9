import type { MailRow, MailSection, MailView } from "./view";
import { linklessText } from "./words";

const WIDTH = 72;

/** Breaks a line at blanks; words longer than the width stay whole. */
function wrap(text: string, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(indent + line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(indent + line);
  return lines.join("\n");
}

const said = (text: string, indent = ""): string => wrap(linklessText(text), indent);

/** "12 × Containers …" for a count, "orders-eu (EKS)" for a word. */
function rowTitle({ title, amount }: MailRow): string {
  if (amount === undefined) return title;
  return /^\d/.test(amount) ? `${amount} × ${title}` : `${title} (${amount})`;
}

function sectionText(section: MailSection): string {
  const severity = section.severity === null ? "" : `${section.severity.toUpperCase()}  `;
  const lines = [said(`${severity}${section.heading}`)];
  if (section.note !== undefined) lines.push(said(section.note, "  "));
  for (const row of section.rows) {
    lines.push(said(`- ${rowTitle(row)}`, "  "));
    if (row.detail !== undefined) lines.push(said(row.detail, "    "));
  }
  if (section.more !== undefined) lines.push(said(section.more, "  "));
  if (section.link !== undefined) lines.push(`  ${section.link.label}:`, `  ${section.link.href}`);
  return lines.join("\n");
}

/** The mail as plain text, for people who read it so; nothing of the HTML is missing. */
export function mailText(view: MailView): string {
  const blocks = [said(view.title), ...view.lead.map((line) => said(line))];
  for (const place of view.places) {
    if (place.name !== null) {
      const name = linklessText(place.name);
      blocks.push(`${name}\n${"=".repeat(Math.min([...name].length, WIDTH))}`);
    }
    blocks.push(...place.sections.map(sectionText));
  }
  if (view.action !== null) blocks.push(`${view.action.label}:\n${view.action.href}`);
  // "-- " begins a signature, which clients dim.
  const end = [
    ...view.footer.map((line) => said(line)),
    ...view.footerLinks.map(({ label, href }) => `${label}: ${href}`),
  ];
  return `${blocks.join("\n\n")}\n\n-- \n${end.join("\n")}\n`;
}

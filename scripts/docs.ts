import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Control } from "@/domain/posture/schema";
import { type Content, readContent } from "./content";
import { categoryPage, indexPage } from "./control-page";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = path.join(root, "docs", "controls");

/** The generated pages by file name, from controls of which all can be used. */
function pages({ controls, sources }: Content): Map<string, string> {
  const categories = new Map<string, Control[]>();
  for (const control of controls) {
    const category = path.basename(path.dirname(sources.get(control.id)?.file ?? ""));
    categories.set(category, [...(categories.get(category) ?? []), control]);
  }
  const sorted = new Map([...categories].sort(([a], [b]) => (a < b ? -1 : 1)));
  return new Map([
    ["README.md", indexPage(sorted)],
    ...[...sorted].map(([category, some]): [string, string] => [`${category}.md`, categoryPage(category, some)]),
  ]);
}

/**
 * Whether the pages of the controls are those that the controls give; one line that says what to run when not. While a control can't be
 * used nothing is told: its page is not to be made without it.
 */
export function docFaults(content: Content): string[] {
  if (content.faults.length > 0) return [];
  const wanted = pages(content);
  const there = existsSync(folder) ? readdirSync(folder) : [];
  const stale = [...wanted].filter(
    ([name, text]) => !there.includes(name) || readFileSync(path.join(folder, name), "utf8") !== text,
  );
  const names = [...stale.map(([name]) => name), ...there.filter((name) => !wanted.has(name))];
  return names.length === 0 ? [] : [`docs/controls: ${names.join(", ")} stale: run npm run docs`];
}

/** The pages that are to be written. Throws what is wrong with files of controls that can't be used: pages without them would be false. */
export function wantedPages(content: Content): Map<string, string> {
  if (content.faults.length === 0) return pages(content);
  throw new Error(["docs/controls: not written.", ...content.faults.map(({ message }) => message)].join("\n"));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = wantedPages(readContent());
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (!wanted.has(name)) rmSync(path.join(folder, name));
  for (const [name, text] of wanted) writeFileSync(path.join(folder, name), text);
  process.stdout.write(`docs/controls: ${wanted.size} pages\n`);
}

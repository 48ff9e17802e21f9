import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export interface Entry {
  kind: "page" | "handler" | "action";
  /** As in the rules: `page /settings/people`, `handler /healthz`, `action FILE NAME`. */
  key: string;
  /** From the project's folder. */
  file: string;
  /** Of a handler its methods, of an action its export. */
  names: string[];
}

function* files(root: string, folder: string): Generator<string> {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const relative = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* files(root, relative);
    else if (/\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name)) yield relative;
  }
}

/** The address of a folder of app/: route groups such as (console) do not count. */
const addressOf = (file: string): string =>
  `/${path
    .dirname(file)
    .split(path.sep)
    .slice(1)
    .filter((part) => !part.startsWith("("))
    .join("/")}`;

const METHODS = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/;
/** Names that a module exports: functions, constants, and lists with `as`. */
function exportsOf(text: string): string[] {
  const declared = [...text.matchAll(/^export (?:async )?(?:function|const) (\w+)/gm)].map((match) => match[1] ?? "");
  const listed = [...text.matchAll(/^export \{([^}]*)\}/gm)].flatMap((match) =>
    (match[1] ?? "").split(",").map(
      (part) =>
        part
          .trim()
          .split(/\s+as\s+/)
          .at(-1) ?? "",
    ),
  );
  return [...declared, ...listed].filter((name) => name !== "");
}

/** Every page, route handler and server action of the project in `root`, read from its files. */
export function scanEntries(root: string): Entry[] {
  const found: Entry[] = [];
  for (const file of [...files(root, "app"), ...files(root, "domain"), ...files(root, "components")]) {
    const text = readFileSync(path.join(root, file), "utf8");
    const name = path.basename(file);
    if (file.startsWith(`app${path.sep}`) && name === "page.tsx")
      found.push({ kind: "page", key: `page ${addressOf(file)}`, file, names: [] });
    if (file.startsWith(`app${path.sep}`) && /^route\.tsx?$/.test(name))
      found.push({
        kind: "handler",
        key: `handler ${addressOf(file)}`,
        file,
        names: exportsOf(text).filter((each) => METHODS.test(each)),
      });
    if (/^\s*"use server";/.test(text))
      for (const action of exportsOf(text))
        found.push({ kind: "action", key: `action ${file} ${action}`, file, names: [action] });
    // An action inside another function has no export that this list could name.
    else if (/^\s+"use server";/m.test(text)) throw new Error(`${file}: put the server action into a file of its own`);
  }
  return found;
}

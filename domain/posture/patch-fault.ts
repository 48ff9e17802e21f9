import { parse } from "yaml";
import { nearest } from "@/lib/nearest";
import { isMap } from "./engine-place";
import { EXAMPLE_LISTS } from "./example";
import type { ContentFault } from "./file-fault";
import type { Control } from "./schema";

const WORD = /^[A-Za-z]+$/;
/** What patches hold that is near to other names of Kubernetes: what their parts are called, and selectors. */
const OWN: ReadonlySet<string> = new Set(["pod", "container", "podSelector", "namespaceSelector"]);

/** Fields of a control's patch that are none of its examples' but nearly one: what is misspelt there mends nothing. */
export function patchFieldFaults({ remediation: { patch = "" }, examples }: Control): ContentFault[] {
  const shown = new Set<string>();
  for (const list of EXAMPLE_LISTS) for (const { resource } of examples[list]) addFields(resource, shown);
  const written = new Set<string>();
  addFields(parsed(patch), written);
  return [...written].flatMap((field) => {
    if (shown.has(field) || OWN.has(field) || !WORD.test(field)) return [];
    const near = nearest(
      field,
      [...shown].filter((other) => WORD.test(other)),
    );
    if (near === null) return [];
    const offset = Math.max(0, patch.search(new RegExp(`\\b${field}["']?\\s*:`)));
    const message = `remediation.patch: no example shows ${field}. Did you mean ${near}? If not, let one show it.`;
    return [{ where: ["remediation", "patch"], offset, message }];
  });
}

/** Placeholders stand where values do; what is no YAML then is shown to people as it is. */
function parsed(patch: string): unknown {
  try {
    return parse(patch.replaceAll(/\{\{.*?\}\}/gs, "x"));
  } catch {
    return null; // a fragment for people to place: there are no fields to be told from prose
  }
}

function addFields(value: unknown, fields: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) addFields(item, fields);
  else if (isMap(value)) {
    for (const [field, item] of Object.entries(value)) {
      fields.add(field);
      addFields(item, fields);
    }
  }
}

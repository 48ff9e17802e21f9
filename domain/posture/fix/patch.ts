import { parse, stringify } from "yaml";
import { record } from "@/domain/inventory/json";
import { placed } from "./place";
import { filledIn } from "./placeholder";
import { anewNote, blanksIn, type FixBlock, type FixTarget, type Json, resourceWords, shellWords } from "./target";

const yaml = (value: unknown): string => stringify(value, { lineWidth: 0 });

const UNNAMED = "The name holds characters that no shell takes safely; type the command yourself.";

/** What the reader has to fill in; null when nothing is left. */
function openIn(value: unknown): string | null {
  const written = JSON.stringify(value);
  const blanks = blanksIn(written);
  const sentences = [
    /\{\{\s*\w+\./.test(written) ? "Fill in what stands in {{ }}: the resource does not say it." : "",
    blanks.length === 0 ? "" : `Fill in ${blanks.join(", ")} yourself.`,
  ].filter((sentence) => sentence !== "");
  return sentences.join(" ") || null;
}

/** A manifest of another object for the target's namespace. */
function manifestFor(fragment: Json, target: FixTarget, kind: string): FixBlock {
  // A policy for a namespace is about that namespace, whatever the resource that lacks it is called.
  const home = target.kind === "Namespace" ? target.name : target.namespace;
  const { apiVersion, kind: _kind, metadata, ...rest } = fragment;
  const named = { name: `${kind.toLowerCase()}-for-${target.name}`.slice(0, 63), ...record(metadata) };
  const manifest = { apiVersion, kind, metadata: { ...named, ...(home === "" ? {} : { namespace: home }) }, ...rest };
  return {
    id: "patch",
    title: "YAML, for kubectl apply -f fix.yaml",
    text: yaml(manifest),
    open: openIn(manifest) ?? "Set selectors, ports and hosts to yours.",
  };
}

/**
 * The control's patch as a file for this very object, with the command that applies it. A whole manifest is applied; a fragment
 * goes to the pod's specification or to the containers that violate. A fragment that cannot be placed is shown as it is; one that
 * removes only what is not there is left out.
 */
export function patchFor(patch: string, target: FixTarget): FixBlock[] {
  let parsed: unknown;
  try {
    parsed = parse(patch);
  } catch {
    return [{ id: "patch", title: "YAML patch", text: patch, open: null }];
  }
  const fragment = record(parsed);
  const filled = (): Json => record(filledIn(fragment, { object: target.object === null ? [] : [target.object] }));
  if (typeof fragment.kind === "string") return [manifestFor(filled(), target, fragment.kind)];
  const whole = placed(fragment, target);
  if (whole === null) return [{ id: "patch", title: "YAML patch", text: yaml(filled()), open: openIn(filled()) }];
  if (Object.keys(whole.patch).length === 0) return [];
  const open = openIn(whole.patch);
  const anew = whole.ofPod ? anewNote(target) : null;
  if (anew !== null) {
    return [
      {
        id: "patch",
        title: "YAML, for the manifest",
        text: yaml(whole.patch),
        open: open === null ? anew : `${open} ${anew}`,
      },
    ];
  }
  const words = shellWords(resourceWords(target));
  const command = words === null ? "" : `# kubectl patch ${words} --patch-file=fix.yaml\n`;
  return [
    {
      id: "patch",
      title: "YAML patch, fix.yaml",
      text: `${command}${yaml(whole.patch)}`,
      open: words === null ? UNNAMED : open,
    },
  ];
}

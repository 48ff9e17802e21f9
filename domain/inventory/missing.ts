import { z } from "zod";

/** Why an assessment that was due could not be made. */
export const MISSING_CAUSES = [
  "unlisted",
  "not-rechecked",
  "kubelets",
  "silent-kubelets",
  "config-maps",
  "control-plane",
  "flags",
  "cloud",
  "facts",
  "error",
] as const;
export type MissingCause = (typeof MISSING_CAUSES)[number];

/** Assessments of a cluster that could not be made, by cause: they add up to expected − evaluated. */
export type Missing = Partial<Record<MissingCause, number>>;

const schema = z.partialRecord(z.enum(MISSING_CAUSES), z.number().int().positive()).catch({});
/** As the last scan wrote it; empty where that was by a version that did not tell causes apart. */
export const parseMissing = (value: unknown): Missing => schema.parse(value);

/** Adds assessments to a cause, in place. */
export function addMissing(missing: Missing, cause: MissingCause, amount = 1): void {
  missing[cause] = (missing[cause] ?? 0) + amount;
}

/** What could not be judged, in a few words with the reason, and what to do about it. */
export const MISSING_WORDS: Readonly<Record<MissingCause, { why: string; next: string }>> = {
  unlisted: {
    why: "what could not be listed or read in the last scan",
    next: "Grant what is named above as not readable, or make the cluster reachable, then scan again.",
  },
  "not-rechecked": {
    why: "open findings that could not be checked again",
    next: "They stay open until their resource is seen again.",
  },
  kubelets: {
    why: "kubelets: the identity lacks the optional right to get nodes/proxy",
    next: "Grant it only where kubelets are to be judged: with it one can also run commands in pods by way of a kubelet.",
  },
  "silent-kubelets": {
    why: "kubelets that did not answer",
    next: "Check that the API server reaches their nodes, then scan again.",
  },
  "config-maps": {
    why: "ConfigMaps: the identity lacks the optional right to list and judge configmaps",
    next: "Grant it only where secrets are to be looked for in ConfigMaps: the API server then sends their values.",
  },
  "control-plane": {
    why: "the control plane: none of its processes was seen as a static pod",
    next: "Look at their flags on the machines that run them.",
  },
  flags: {
    why: "flags of the control plane that could not be read",
    next: "A configuration file or the environment may set them: look there.",
  },
  cloud: {
    why: "facts that the cloud did not tell",
    next: "Each control says which fact it needs and what makes it known.",
  },
  facts: {
    why: "facts that do not follow from what could be read",
    next: "Each control says which fact it needs; with everything listed most of them are known.",
  },
  error: {
    why: "fields that could not be understood",
    next: "Correct the fields that the control reads.",
  },
};

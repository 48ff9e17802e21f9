import { z } from "zod";
import { momentSchema } from "@/lib/http/answer";
import { isStorable } from "@/lib/storable-json";
import { uuid } from "@/lib/uuid";
import { wholeRecord } from "@/lib/whole-record";
import { SCORE_GROUP_IDS } from "../schema";
import { MOST_TARGETS } from "./limit";

/** The words of exemptions. Safe in the browser. */
export const EXEMPTION_TYPES = ["mitigated", "waiver"] as const;
export const EXEMPTION_STATES = ["requested", "active", "rejected", "withdrawn", "expired"] as const;
export type ExemptionState = (typeof EXEMPTION_STATES)[number];

export const UNSTORABLE = "A text holds a NUL, or half a character.";
const text = z.string().refine(isStorable, UNSTORABLE);
const name = text.min(1).max(253, "A name has at most 253 characters.");
const LABEL =
  "Write labels as name=value, in letters, digits, dashes, underscores and dots, each of at most 63 characters. There is no in, no != and no name alone.";
/** What Kubernetes takes for a label's name, with a prefix or without, and for its value: one that it refuses fits nothing. */
const LABEL_NAME = /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?)?$/;
const labelsOf = (label: z.ZodString, value: z.ZodString) =>
  wholeRecord(z.record(label, value, { error: (issue) => (issue.code === "invalid_key" ? LABEL : undefined) })).refine(
    (labels) => Object.keys(labels).length > 0 && Object.keys(labels).length <= 10,
    "Name one to ten labels.",
  );
/**
 * What an exemption is for. All that is named must fit; what is not named fits anything. `namespace` is that of a cluster, or
 * of that name wherever the target reaches. `labels` are of the resource itself; `image` is a pattern in which `*` is any text.
 */
export const exemptionTarget = z.strictObject({
  control: z
    .string()
    .regex(/^SW-\d{4}$/)
    .optional(),
  group: z.enum(SCORE_GROUP_IDS).optional(),
  account: uuid().optional(),
  cluster: uuid().optional(),
  namespace: name.optional(),
  apiGroup: text.max(253).optional(),
  kind: name.max(63).optional(),
  name: name.optional(),
  labels: labelsOf(text.regex(LABEL_NAME, LABEL), text.regex(LABEL_VALUE, LABEL)).optional(),
  image: text
    .trim()
    .max(400)
    .refine((pattern) => pattern.replaceAll("*", "").length > 1, "Name more of the image than one character.")
    .optional(),
});
export type ExemptionTarget = z.infer<typeof exemptionTarget>;
export const exemptionTargets = z.array(exemptionTarget).min(1, "Say what it is for.").max(MOST_TARGETS);
/** As they are kept: what was taken once holds to its end, whatever is asked of an image or a label today. */
export const keptTargets = z.array(
  exemptionTarget.extend({ image: z.string().optional(), labels: labelsOf(z.string(), z.string()).optional() }),
);

export const exemptionRequest = z.strictObject({
  type: z.enum(EXEMPTION_TYPES, "Choose one."),
  targets: exemptionTargets,
  reason: text.trim().min(3, "Say why in at least three letters, for whoever decides and reads it later.").max(2000),
  evidence: text.trim().max(4000).default(""),
  expiresAt: z.iso.datetime({ offset: true, error: "Enter a date." }).nullable().default(null),
});
export type ExemptionRequest = z.output<typeof exemptionRequest>;

export const exemptionRule = z.strictObject({
  approval: z.boolean(),
  longestDays: z.number().int().min(1).max(3650).nullable(),
});
export type ExemptionRule = z.infer<typeof exemptionRule>;
export const DEFAULT_RULE: ExemptionRule = { approval: false, longestDays: 365 };

/** What is said of one whose stored targets cannot be read. */
export const UNREADABLE = "What it is for can no longer be read, so it holds for nothing.";

/** One exemption as page and API show it. */
export const exemptionItem = z
  .object({
    id: z.uuid(),
    type: z.enum(EXEMPTION_TYPES),
    state: z.enum(EXEMPTION_STATES),
    targets: keptTargets,
    readable: z.boolean().meta({
      description: "False when this version cannot read what it is for: it holds for nothing, and `targets` is empty",
    }),
    reason: z.string(),
    evidence: z.string(),
    expiresAt: momentSchema.nullable(),
    requestedBy: z.string(),
    requestedAt: momentSchema,
    decidedBy: z.string().nullable(),
    decidedAt: momentSchema.nullable(),
    note: z.string().nullable(),
    endedAt: momentSchema.nullable(),
    endedBy: z.string().nullable(),
    findings: z.number().int().meta({ description: "Open findings that it exempts now, among those you may see" }),
  })
  .meta({ id: "Exemption" });
export type ExemptionItem = z.infer<typeof exemptionItem>;

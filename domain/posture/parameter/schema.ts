import { z } from "zod";
import type { FormState } from "@/domain/access/schema";
import { isStorable } from "@/lib/storable-json";
import { uuid } from "@/lib/uuid";
import { wholeRecord } from "@/lib/whole-record";

/** Where parameters hold, the widest first: the nearer wins. Safe in the browser. */
export const PARAMETER_SCOPES = ["fleet", "account", "cluster", "namespace"] as const;
export type ParameterScope = (typeof PARAMETER_SCOPES)[number];

const controlId = z.string().regex(/^SW-\d{4}$/, "Which control?");
/** A namespace's name as Kubernetes allows it. */
const namespace = z
  .string()
  .trim()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "This is no name of a namespace.");

/** A place to set parameters for. */
export const placeSchema = z.discriminatedUnion("scope", [
  z.strictObject({ scope: z.literal("fleet") }),
  z.strictObject({ scope: z.literal("account"), account: uuid("Choose an account.") }),
  z.strictObject({ scope: z.literal("cluster"), cluster: uuid("Choose a cluster.") }),
  z.strictObject({ scope: z.literal("namespace"), cluster: uuid("Choose a cluster."), namespace }),
]);
export type ParameterPlace = z.infer<typeof placeSchema>;

export const overrideSchema = z.strictObject({
  control: controlId,
  place: placeSchema,
  params: wholeRecord(z.record(z.string(), z.unknown())),
  reason: z
    .string()
    .trim()
    .min(3, "Say why, for whoever reads it later.")
    .max(400)
    .refine(isStorable, "A text holds a NUL, or half a character."),
});
export type OverrideInput = z.infer<typeof overrideSchema>;

/** One override as page and API show it. */
export const overrideItem = z
  .object({
    id: z.uuid(),
    control: controlId,
    scope: z.enum(PARAMETER_SCOPES),
    account: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    cluster: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    namespace: z.string().meta({ description: "Empty unless the scope is a namespace" }),
    params: z.record(z.string(), z.unknown()),
    reason: z.string(),
    setBy: z.string(),
    setAt: z.iso.datetime(),
  })
  .meta({ id: "ParameterOverride" });
export type OverrideItem = z.infer<typeof overrideItem>;

/** One override as its page holds it: who takes it away says which version. */
export interface OverrideRow extends OverrideItem {
  version: string;
}

/** The versions of what is set for a control, by the key of its place. A place that is not among them has nothing of its own. */
export type PlaceVersions = Readonly<Record<string, string>>;

/** The answer to the form of parameters: the place that was saved with its new version, from which the form goes on. */
export interface SavedParameters extends FormState {
  saved?: { place: string; version: string };
}

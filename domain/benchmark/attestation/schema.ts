import { z } from "zod";
import { uuid } from "@/lib/uuid";
import { ATTESTED } from "../schema";

/** Longest time that an attestation may last. */
export const MOST_DAYS = 366;

export const placeSchema = z.discriminatedUnion("scope", [
  z.strictObject({ scope: z.literal("fleet") }),
  z.strictObject({ scope: z.literal("account"), id: uuid() }),
  z.strictObject({ scope: z.literal("cluster"), id: uuid() }),
]);

/** What a person says of a requirement. `until` is the last moment at which it counts. */
export const attestationInput = z.strictObject({
  benchmark: z.string().max(60),
  requirement: z.string().max(40),
  place: placeSchema,
  state: z.enum(ATTESTED),
  evidence: z
    .string()
    .trim()
    .min(10, "Say what was looked at, in ten characters or more.")
    .max(4000)
    .regex(/^[^\0]*$/, "must not hold a NUL"),
  link: z
    .url({ protocol: /^https?$/, error: "A web address, beginning with https://." })
    .max(1000)
    .nullable(),
  until: z.iso.datetime({ offset: true }),
});
export type AttestationInput = z.output<typeof attestationInput>;

export const attestationItem = z
  .object({
    id: z.uuid(),
    benchmark: z.string(),
    requirement: z.string(),
    scope: z.enum(["fleet", "account", "cluster"]),
    scopeId: z.uuid().nullable(),
    accountId: z.uuid().nullable().meta({ description: "The account that the place belongs to" }),
    place: z.string().meta({ description: "Name of the account or cluster; empty for the fleet" }),
    state: z.enum(ATTESTED),
    evidence: z.string(),
    link: z.string().nullable(),
    by: z.string(),
    at: z.iso.datetime({ offset: true }),
    until: z.iso.datetime({ offset: true }),
    endedAt: z.iso.datetime({ offset: true }).nullable().meta({ description: "When it was replaced or withdrawn" }),
    endedBy: z.string().nullable(),
    live: z.boolean().meta({ description: "It counts now" }),
  })
  .meta({ id: "Attestation" });
export type AttestationItem = z.infer<typeof attestationItem>;

import { z } from "zod";
import type { FormState } from "@/domain/access/schema";
import { ROLES } from "@/domain/access/scope";
import { isTimeZone } from "@/lib/time-zone";
import { uuid } from "@/lib/uuid";

/** Events that routes can send. Letters are none: `person.invited` goes to whom it invites, `person.recovery` to whom it lets back in. */
export const EVENT_KINDS = [
  "finding.opened",
  "score.fell",
  "scan.failed",
  "scan.partial",
  "account.unhealthy",
  "account.recovered",
  "cluster.new",
  "exemption.requested",
  "exemption.ending",
  "exemption.ended",
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];
export const KIND_WORDS: Readonly<Record<EventKind, string>> = {
  "finding.opened": "Findings opened",
  "score.fell": "Score fell",
  "scan.failed": "Scan failed",
  "scan.partial": "Scan became partial",
  "account.unhealthy": "Account failing",
  "account.recovered": "Account recovered",
  "cluster.new": "New cluster",
  "exemption.requested": "Exemption requested",
  "exemption.ending": "Exemption about to end",
  "exemption.ended": "Exemption ended",
};

/** 3 critical … 0 low, as the database has it. */
export const SEVERITY_WORDS = ["low", "medium", "high", "critical"] as const;
export type SeverityWord = (typeof SEVERITY_WORDS)[number];
export type SeverityRank = 0 | 1 | 2 | 3;
export const severityRank = (value: number): SeverityRank => (value >= 3 ? 3 : value >= 2 ? 2 : value >= 1 ? 1 : 0);
export const severityWord = (value: number): SeverityWord => SEVERITY_WORDS[severityRank(value)];

export const SECURITY_MODES = ["starttls", "tls", "none"] as const;
export type SecurityMode = (typeof SECURITY_MODES)[number];
export const SECURITY_WORDS: Readonly<Record<SecurityMode, string>> = {
  starttls: "STARTTLS, required",
  tls: "TLS from the first byte",
  none: "none (this machine only)",
};

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
/** An address mail may go to: plain ASCII, no quoting, no header tricks. Lower case. */
export const addressSchema = z
  .string()
  .trim()
  .max(254, "An address has at most 254 characters.")
  .regex(/^[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/, "This is no e-mail address.")
  .transform((address) => address.toLowerCase());

const line = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((text) => !CONTROL.test(text), "Control characters are not allowed.");
const orNull = (text: string): string | null => (text === "" ? null : text);

/** The settings form of the mail server. An empty password keeps the stored one, `forget` removes it. */
export const mailServerSchema = z
  .object({
    host: z
      .string()
      .trim()
      .toLowerCase()
      .regex(/^[a-z0-9.:-]{1,253}$/, "A host name or an address, without a scheme or port."),
    port: z.coerce.number().int().min(1, "1 to 65535.").max(65535, "1 to 65535."),
    security: z.enum(SECURITY_MODES),
    username: line(254).transform(orNull),
    password: z.string().max(1024).transform(orNull),
    forget: z.coerce.boolean().default(false),
    fromAddress: addressSchema,
    fromName: line(80),
    baseUrl: z
      .union([z.literal(""), z.url({ protocol: /^https?$/, error: "An http or https address." }).max(400)])
      .transform(orNull),
    enabled: z.coerce.boolean().default(false),
  })
  .refine(({ security, username, password }) => security !== "none" || (username === null && password === null), {
    message: "A password is not sent without TLS.",
    path: ["security"],
  });
export type MailServerInput = z.infer<typeof mailServerSchema>;

const limit = z.coerce.number().int().min(0, "0 to 200.").max(200, "0 to 200.");
export const policySchema = z.object({
  critical: limit,
  high: limit,
  medium: limit,
  low: limit,
  scoreFall: z.coerce.number().min(0.1, "0.1 to 100.").max(100, "0.1 to 100."),
});
export type Policy = z.infer<typeof policySchema>;
/** What holds until somebody saves limits: mails of each severity to one address within 24 hours, and points of a fall that is told. */
export const DEFAULT_POLICY: Policy = { critical: 24, high: 4, medium: 2, low: 1, scoreFall: 3 };

/** The answer to a form that replaces something as a whole: the version of what was saved, from which the form goes on. */
export interface SavedState extends FormState {
  version?: string;
}

/** When mail leaves: at once or as a digest. The quickest first. */
export const PACES = ["now", "daily", "weekly"] as const;
export type Pace = (typeof PACES)[number];

const words = (max: number) => z.array(line(253).min(1)).max(max).default([]);
export const routeSchema = z
  .object({
    name: line(80).min(1, "Give the route a name."),
    enabled: z.boolean().default(true),
    kinds: z.array(z.enum(EVENT_KINDS)).max(EVENT_KINDS.length).default([]),
    minSeverity: z.coerce.number().int().min(0).max(3),
    accountIds: z.array(uuid()).max(200).default([]),
    clusterIds: z.array(uuid()).max(200).default([]),
    /** A star stands for any characters: `team-*`. */
    namespaces: words(100),
    owners: words(100),
    toUsers: z.array(z.string().min(1).max(100)).max(200).default([]),
    toRoles: z.array(z.enum(ROLES)).default([]),
    toAddresses: z.array(addressSchema).max(100).default([]),
    pace: z.enum(PACES).default("now"),
  })
  .refine((route) => route.toUsers.length + route.toRoles.length + route.toAddresses.length > 0, {
    message: "Choose at least one person, role or address.",
    path: ["toUsers"],
  });
export type RouteInput = z.infer<typeof routeSchema>;

const minutes = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "A time such as 22:00.")
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));
/** What a person chooses for himself. */
export const preferenceSchema = z.object({
  pace: z.enum(PACES),
  digestDay: z.coerce.number().int().min(1).max(7).default(1),
  digestHour: z.coerce.number().int().min(0).max(23),
  quiet: z.coerce.boolean().default(false),
  quietFrom: minutes.default(22 * 60),
  quietTo: minutes.default(7 * 60),
  timeZone: z.string().max(64).refine(isTimeZone, "No such time zone. Example: Europe/Oslo"),
  criticalAtOnce: z.coerce.boolean().default(false),
  subscribed: z.coerce.boolean().default(false),
});
export type PreferenceInput = z.infer<typeof preferenceSchema>;

export const HOLD_REASONS = ["throttle", "quiet", "digest"] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];
export const HOLD_WORDS: Readonly<Record<HoldReason, string>> = {
  throttle: "the day's limit is reached",
  quiet: "quiet hours",
  digest: "waits for the digest",
};

export const DELIVERY_STATES = ["queued", "sending", "sent", "failed", "dropped"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];
export type Template = "events" | "digest" | "invitation" | "recovery" | "test";

import { z } from "zod";
import { EVENT_KINDS, type EventKind, type SeverityRank, severityRank } from "./schema";

const name = z.string().max(2000).catch("");
const amount = z.number().int().min(0).max(1e9).catch(0);
const resource = z.object({ kind: name, namespace: name, name });
/** `exempted`: those of `count` that an exemption holds for; the examples are of the others. */
const tally = { count: amount, exempted: amount, examples: z.array(resource).max(5).catch([]) };
const openedControl = z.object({ id: name, title: name, ...tally });
/** How many of all are exempted; an event from before this was told apart says it of its controls only. */
const exemptedOfAll = z.number().int().min(0).max(1e9).optional().catch(undefined);
const withExempted = <T extends { exempted?: number | undefined; controls: readonly { exempted: number }[] }>(
  of: T,
) => ({
  ...of,
  exempted: of.exempted ?? of.controls.reduce((sum, { exempted }) => sum + exempted, 0),
});
const place = z
  .object({
    namespace: name,
    owner: name.nullable().catch(null),
    count: amount,
    exempted: exemptedOfAll,
    controls: z
      .array(z.object({ id: name, ...tally }))
      .max(20)
      .catch([]),
  })
  .transform(withExempted);

/** Findings of one severity that one scan opened. `places` lets a route take only its namespaces' and owners' part. */
const openedSchema = z
  .object({
    cluster: name,
    severity: z.number(),
    count: amount,
    exempted: exemptedOfAll,
    controls: z.array(openedControl).max(100).catch([]),
    places: z.array(place).max(400).catch([]),
  })
  .transform(withExempted);
/** `from`: the highest score since it was last told, which the consumer adds; `before`: that of the scan before. */
const fellSchema = z.object({
  before: z.number(),
  after: z.number().nullable(),
  from: z.number().optional(),
  /** `after` as if there were no exemption. */
  afterWithoutExemptions: z.number().nullable().optional(),
  cluster: name,
});
const scanSchema = z.object({
  cluster: name,
  reasons: z
    .array(z.object({ code: name, what: name, message: name }))
    .max(20)
    .catch([]),
});
const accountSchema = z.object({ was: name, health: name, reason: name.nullable().catch(null) });
const clusterSchema = z.object({ name: name.optional(), cluster: name.optional(), distribution: name.optional() });
/** `findings`: how many it holds for, or held for when it ended. `days` are those until its end. */
const exemptionSchema = z.object({
  type: name,
  reason: name,
  by: name,
  findings: amount,
  days: amount,
  how: name,
});
/** Events that are a letter to one address, whatever routes say, by the template of its mail. Their link is a secret. */
export const LETTERS = { "person.invited": "invitation", "person.recovery": "recovery" } as const;
export const isLetter = (template: string): boolean => Object.values<string>(LETTERS).includes(template);
export const letterSchema = z.object({ email: z.string().max(254) });

export const invitationSchema = z.object({
  email: z.string().max(254),
  link: z.string().max(2000).optional(),
  inviter: name,
  role: name,
});

export const recoverySchema = z.object({
  link: z.string().max(2000).optional(),
  owner: name,
  expiresAt: z.coerce.date(),
});

export type Opened = z.infer<typeof openedSchema>;
export type Part = { namespaces: string[]; owners: string[] };

export type Body =
  | ({ kind: "finding.opened" } & Opened)
  | ({ kind: "score.fell" } & z.infer<typeof fellSchema>)
  | ({ kind: "scan.failed" | "scan.partial" } & z.infer<typeof scanSchema>)
  | ({ kind: "account.unhealthy" | "account.recovered" } & z.infer<typeof accountSchema>)
  | ({ kind: "exemption.requested" | "exemption.ending" | "exemption.ended" } & z.infer<typeof exemptionSchema>)
  | ({ kind: "cluster.new" } & z.infer<typeof clusterSchema>);

/** An event of the outbox as this room understands it. */
export interface Happening {
  id: string;
  severity: SeverityRank;
  accountId: string | null;
  clusterId: string | null;
  at: Date;
  body: Body;
}

export interface OutboxRow {
  id: string;
  kind: string;
  accountId: string | null;
  clusterId: string | null;
  payload: unknown;
  at: Date;
}

/** Points a score lost since it was last told. */
export const fallOf = (body: { before: number; after: number | null; from?: number | undefined }): number =>
  Math.max(0, (body.from ?? body.before) - (body.after ?? 0));

function severityOf(body: Body): SeverityRank {
  switch (body.kind) {
    case "finding.opened":
      return severityRank(body.severity);
    case "score.fell":
      return fallOf(body) >= 10 ? 2 : fallOf(body) >= 5 ? 1 : 0;
    case "scan.failed":
    case "account.unhealthy":
    case "exemption.requested":
    case "exemption.ending":
      return 2; // somebody waits, or will be surprised
    case "scan.partial":
    case "exemption.ended":
      return 1;
    default:
      return 0;
  }
}

function bodyOf(kind: EventKind, payload: unknown): Body | null {
  switch (kind) {
    case "finding.opened": {
      const parsed = openedSchema.safeParse(payload);
      return parsed.success ? { kind, ...parsed.data } : null;
    }
    case "score.fell": {
      const parsed = fellSchema.safeParse(payload);
      return parsed.success ? { kind, ...parsed.data } : null;
    }
    case "scan.failed":
    case "scan.partial": {
      const parsed = scanSchema.safeParse(payload);
      return parsed.success ? { kind, ...parsed.data } : null;
    }
    case "account.unhealthy":
    case "account.recovered": {
      const parsed = accountSchema.safeParse(payload);
      return parsed.success ? { kind, ...parsed.data } : null;
    }
    case "exemption.requested":
    case "exemption.ending":
    case "exemption.ended": {
      const parsed = exemptionSchema.safeParse(payload);
      return parsed.success ? { kind, ...parsed.data } : null;
    }
    case "cluster.new": {
      const parsed = clusterSchema.safeParse(payload);
      return parsed.success ? { kind, ...parsed.data } : null;
    }
  }
}

/** Parses a row of the outbox; null for kinds that nobody is mailed about and for payloads of another version. */
export function happeningOf(row: OutboxRow): Happening | null {
  const kind = EVENT_KINDS.find((known) => known === row.kind);
  const body = kind === undefined ? null : bodyOf(kind, row.payload);
  if (body === null) return null;
  const { id, accountId, clusterId, at } = row;
  return { id, accountId, clusterId, at, body, severity: severityOf(body) };
}

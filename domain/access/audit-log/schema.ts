import { z } from "zod";
import { uuid } from "@/lib/uuid";
import type { Json } from "./canonical";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .transform((value) => (value === "" ? undefined : value))
    .optional()
    .catch(undefined);

/** The audit log's filters as they stand in an address. Page and export share it; what does not parse filters nothing. */
export const auditFilterSchema = z.object({
  /** Part of the actor's name. */
  who: text(120),
  /** An action or its room: `access.token-created`, `access`. */
  action: text(80),
  /** Part of the target's name. */
  target: text(200),
  account: uuid().optional().catch(undefined),
  /** First and last day, in the organisation's time zone. */
  from: z.string().regex(DAY).optional().catch(undefined),
  to: z.string().regex(DAY).optional().catch(undefined),
});
export type AuditFilter = z.infer<typeof auditFilterSchema>;

/** Parameters of an address; a name given twice counts once. */
export type Parameters = Readonly<Record<string, string | string[] | undefined>>;
const single = (parameters: Parameters) =>
  Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, Array.isArray(value) ? value[0] : value]));

export const parseAuditFilter = (parameters: Parameters): AuditFilter => auditFilterSchema.parse(single(parameters));

/** Where a page of the log begins: entries before this place. */
export const parseAuditPage = (parameters: Parameters): bigint | null => {
  const { before } = single(parameters);
  return before !== undefined && /^[1-9]\d{0,17}$/.test(before) ? BigInt(before) : null;
};

/** An entry as page and export show it. */
export interface AuditRow {
  seq: bigint;
  /** UTC. */
  at: Date;
  actorId: string | null;
  actor: string;
  action: string;
  target: string;
  accountId: string | null;
  account: string | null;
  address: string | null;
  userAgent: string | null;
  before: Json;
  after: Json;
  detail: Json;
  /** Hex. */
  hash: string;
}

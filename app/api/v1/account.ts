import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import { type AccountRow, findAccount } from "@/domain/accounts/queries";
import { PROVIDERS } from "@/domain/inventory/schema";
import { momentSchema } from "@/lib/http/answer";
import { orNull, toldScore } from "@/lib/hundredths";

export const accountSchema = z
  .object({
    id: z.uuid(),
    provider: z.enum(PROVIDERS),
    name: z.string(),
    externalId: z.string(),
    intervalMinutes: z.number().int(),
    enabled: z.boolean(),
    health: z.string().meta({ description: "unknown, healthy, degraded or failing" }),
    healthReason: z.string().nullable(),
    checkedAt: momentSchema.nullable(),
    nextScanAt: momentSchema.nullable(),
    createdAt: momentSchema,
    clusters: z.number().int(),
    workloads: z.number().int(),
    score: z.number().nullable().meta({ description: "0…100; null when nothing could be scored" }),
    scoreWithoutExemptions: z.number().nullable().meta({
      description: "The same as if there were no exemption; null also until the first scan since it is kept",
    }),
  })
  .meta({ id: "Account" });

/** The account as the API shows it: never its secrets. */
export const accountOf = (row: AccountRow): z.infer<typeof accountSchema> => ({
  ...row,
  score: orNull(row.score, toldScore),
  scoreWithoutExemptions: orNull(row.scoreWithoutExemptions, toldScore),
  checkedAt: row.checkedAt?.toISOString() ?? null,
  nextScanAt: row.nextScanAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
});
/** One account; null when there is none or it lies outside the scope. */
export const readAccount = async (scope: AccountScope, id: string) => {
  const row = await findAccount(scope, id);
  return row === null ? null : accountOf(row);
};

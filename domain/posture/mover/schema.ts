import { z } from "zod";

/** Whose scan moved a score, as long as that scan is kept. Safe in the browser. */
export const moverSchema = z
  .object({
    scanId: z.uuid(),
    account: z.object({ id: z.uuid(), name: z.string() }),
    cluster: z
      .object({ id: z.uuid(), name: z.string() })
      .nullable()
      .meta({ description: "Null when the account itself moved, e.g. because a cluster of it went" }),
    joined: z.boolean().meta({ description: "Whether it was the first scan of the cluster" }),
    weight: z
      .object({
        heavier: z.boolean(),
        score: z.number().nullable().meta({ description: "The account's own score then" }),
      })
      .nullable()
      .meta({ description: "Where the ledger has `weights`: how the account came to count in the fleet's mean" }),
  })
  .meta({ id: "ScoreMover" });
export type Mover = z.infer<typeof moverSchema>;

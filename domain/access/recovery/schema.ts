import { z } from "zod";
import { passwordSchema, storable, tokenSchema } from "../schema";

/** How long a way back in is open. */
export const RECOVERY_HOURS = 24;

/** For whom a way back in is made, and whether it takes the second factor off. */
export const wayBackSchema = z.object({ person: storable(64).min(1), secondFactor: z.literal("off").optional() });

/** `apiTokens`: whether those of the person are revoked with it. */
export const newPasswordSchema = z.object({
  token: tokenSchema,
  password: passwordSchema,
  apiTokens: z.literal("revoke").optional(),
});

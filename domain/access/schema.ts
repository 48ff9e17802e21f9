import { z } from "zod";

export const passwordSchema = z.string().min(12, "Use at least 12 characters.").max(128, "Use at most 128 characters.");
export const tokenSchema = z.string().regex(/^[A-Za-z0-9_-]{20,200}$/);

/** First run: who becomes the Owner. */
export const ownerSchema = z.object({
  token: tokenSchema,
  name: z.string().trim().min(1, "Tell your name.").max(120),
  email: z
    .email("This is no e-mail address.")
    .max(254)
    .transform((email) => email.toLowerCase()),
  password: passwordSchema,
});
export type OwnerInput = z.infer<typeof ownerSchema>;

/** What a form action answers: nothing yet, or what to correct. */
export interface FormState {
  problem?: string;
  fields?: Record<string, string>;
}

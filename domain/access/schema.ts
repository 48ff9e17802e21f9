import { z } from "zod";
import { isStorable } from "@/lib/storable-json";

/** A text that can be kept. `most`: characters. */
export const storable = (most: number) =>
  z.string().max(most).refine(isStorable, "A text holds a NUL, or half a character");

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

/** An invited person makes their own name and password. */
export const acceptSchema = ownerSchema.pick({ token: true, name: true, password: true });

/** What a form action answers: nothing yet, what to correct, or what was done. */
export interface FormState {
  problem?: string;
  fields?: Record<string, string>;
  /** One line to say. */
  done?: string;
}

import { z } from "zod";

/** Pages whose state may be kept under a name. */
export const LISTS = ["/findings", "/inventory", "/clusters", "/recommendations", "/scans", "/score-history"] as const;

export const viewSchema = z.object({
  list: z.enum(LISTS),
  name: z.string().trim().min(1, "Give the view a name.").max(60, "Use at most 60 characters."),
  query: z.string().max(8000, "This address is too long to keep."),
});
export type ViewInput = z.infer<typeof viewSchema>;

export interface ViewRow {
  id: string;
  name: string;
  query: string;
}

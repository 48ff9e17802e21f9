import { z } from "zod";
import { uuid } from "@/lib/uuid";

/** What a token may do. `write` acts as its maker does, but never above Security Admin: people and tokens are made by people. */
export const TOKEN_SCOPES = ["read", "export", "write"] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

export const TOKEN_DAYS = [7, 30, 90, 365] as const;
export const MAX_OPEN_TOKENS = 50;

/** What a person enters to make a token. Without `accountIds` it reaches every account that its maker sees. */
export const newTokenSchema = z.object({
  name: z.string().trim().min(1, "Give the token a name.").max(80, "Use at most 80 characters."),
  scopes: z
    .array(z.enum(TOKEN_SCOPES))
    .min(1, "Choose at least one.")
    .transform((scopes) => TOKEN_SCOPES.filter((scope) => scopes.includes(scope))),
  accountIds: z
    .array(uuid())
    .min(1, "Choose at least one account.")
    .max(500)
    .transform((ids) => [...new Set(ids)])
    .nullable(),
  days: z.coerce.number().pipe(z.literal(TOKEN_DAYS, "Choose one of the periods.")),
});
export type NewToken = z.infer<typeof newTokenSchema>;

/** A token as its list shows it: never the token itself. Times are UTC. */
export interface TokenRow {
  id: string;
  userId: string;
  maker: string;
  name: string;
  hint: string;
  scopes: TokenScope[];
  /** Names of the accounts it is limited to; null for all that its maker sees. */
  accounts: string[] | null;
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
  lastUsedAddress: string | null;
  state: "active" | "expired" | "revoked";
}

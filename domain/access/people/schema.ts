import { z } from "zod";
import { uuid } from "@/lib/uuid";
import { ROLES, type Role } from "../scope";

export const INVITATION_DAYS = 7;

export const emailSchema = z
  .email("This is no e-mail address.")
  .max(254)
  .transform((email) => email.toLowerCase());
export const roleSchema = z.enum(ROLES, "Choose a role.");
/** Where a role holds: everything (null) or one account. */
export const placeSchema = uuid().nullable();

/** A role on everything (`accountIds` null) or on named accounts. */
export const reachSchema = z.object({
  role: roleSchema,
  accountIds: z
    .array(uuid())
    .min(1, "Choose at least one account.")
    .max(500)
    .transform((ids) => [...new Set(ids)])
    .nullable(),
});
export const invitationSchema = reachSchema.extend({ email: emailSchema });
export type NewInvitation = z.infer<typeof invitationSchema>;

/** A role held by a person. `source` says whether an Owner gave it or a claim at the last sign-in brought it. */
export interface HeldRole {
  role: Role;
  accountId: string | null;
  account: string | null;
  source: "given" | "claim";
}

export interface PersonRow {
  id: string;
  name: string;
  email: string;
  /** How the person signs in. */
  password: boolean;
  oidc: boolean;
  secondFactor: boolean;
  /** UTC; null when there is no session. */
  lastSeenAt: Date | null;
  grants: HeldRole[];
}

export interface InvitationRow {
  id: string;
  email: string;
  role: Role;
  /** Names; null for everything. */
  accounts: string[] | null;
  inviter: string;
  createdAt: Date;
  expiresAt: Date;
  expired: boolean;
}

import type { SecretPlace } from "@/lib/crypto";

/** Where the mail server's password belongs; sealed, it opens nowhere else. */
export const MAIL_SECRET: SecretPlace = { accountId: "mail", field: "password" };

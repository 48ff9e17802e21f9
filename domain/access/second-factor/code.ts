import { z } from "zod";

export const CODE_WORDS =
  "Enter the six digits that the app shows, or a backup code: ten letters and digits such as abcde-23456.";
export const WRONG_CODE =
  "This code is wrong or was used already. Wait for the app's next one, or enter another backup code, such as abcde-23456.";

/** How many backup codes a person gets. */
export const BACKUP_CODES = 10;
/** What one may type into a code's field: hyphens and blanks included. */
export const CODE_LENGTH = 24;

/**
 * Six digits of an authenticator app, or a backup code, as people type them: capitals, blanks and hyphens, wherever they are or are
 * missing, make no difference. The result is `123456`, or `abcde-23456`.
 */
export const codeSchema = z
  .string()
  .max(100)
  .transform((typed) => typed.replaceAll(/[\s\p{Pd}]/gu, "").toLowerCase())
  .pipe(z.string().regex(/^(\d{6}|[a-z0-9]{10})$/, CODE_WORDS))
  .transform((code) => (code.length === 6 ? code : `${code.slice(0, 5)}-${code.slice(5)}`));

/** Whether a parsed code is a backup code, and none of the app. */
export const isBackupCode = (code: string): boolean => code.includes("-");

import { randomInt } from "node:crypto";
import { symmetricDecrypt, symmetricEncrypt } from "better-auth/crypto";
import { BACKUP_CODES } from "./code";

/** Without l, i, o, 1 and 0, which look alike on paper. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const letters = (count: number): string =>
  Array.from({ length: count }, () => LETTERS[randomInt(LETTERS.length)] ?? "").join("");

/** New backup codes: `abcde-23456`, 49 random bits each. */
export const newBackupCodes = (): string[] => Array.from({ length: BACKUP_CODES }, () => `${letters(5)}-${letters(5)}`);

/**
 * How the sign-in library keeps backup codes: encrypted with the session secret, as it does itself, but read in small letters. Codes that
 * were made with capitals are compared with what was typed as `codeSchema` reads it.
 */
export const backupCodeStore = (secret: string) => ({
  encrypt: (codes: string): Promise<string> => symmetricEncrypt({ key: secret, data: codes }),
  decrypt: async (stored: string): Promise<string> =>
    (await symmetricDecrypt({ key: secret, data: stored })).toLowerCase(),
});

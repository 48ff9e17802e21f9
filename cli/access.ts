import { withDatabase } from "./database";
import { UsageError } from "./usage-error";

/**
 * `seawall access recover`: makes a way back in for the person of an e-mail address, and gives the text to print. For who holds the
 * server, so that an only Owner is never locked out. Throws UsageError for nobody, and for who signs in without a password.
 */
export async function accessRecover(email: string, factor: "keep" | "off"): Promise<string> {
  // Loaded here: the other commands need neither a database nor its client.
  const { makeRecovery, RecoveryError } = await import("@/domain/access/recovery/store");
  const { mintScope } = await import("@/domain/access/scope");
  const { consoleUrl } = await import("@/domain/access/console-url");
  const { inTransaction } = await import("@/lib/db");
  return withDatabase(async (pool) => {
    const operator = mintScope(null, "command line", []);
    const { person, link } = await inTransaction(pool, (tx) => makeRecovery(tx, operator, { email }, factor)).catch(
      (error: unknown) => {
        throw error instanceof RecoveryError ? new UsageError(error.message, { cause: error }) : error;
      },
    );
    const also = factor === "off" ? " and takes the second factor off" : "";
    return `${consoleUrl()}${link}\nThe link sets a new password for ${person.email}${also}. It works once, for a day.\n`;
  });
}

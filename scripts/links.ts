import { ensureOwner, hasOwner, issueToken } from "@/domain/access/link/store";

const HOURS = 24;

/** The link that makes the first Owner, or null when there is one. */
export async function setupLink(url: string): Promise<string | null> {
  if (await hasOwner()) return null;
  return `${url}/setup?token=${await issueToken("setup", null, HOURS)}`;
}

/** A link that signs the demo's Owner in, once. The user is made on first use and has no password. */
export async function demoSignInLink(url: string): Promise<{ link: string; userId: string }> {
  const userId = await ensureOwner("Demo Owner", "demo@seawall.invalid");
  return { link: `${url}/welcome?token=${await issueToken("sign-in", userId, HOURS)}`, userId };
}

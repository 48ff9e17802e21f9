import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { auth } from "../auth";
import { ROLES, type Role } from "../scope";
import { hashToken, newToken } from "../token";

/** What is concerned: an account with a cluster and a person of its own, all named so that a leak is seen. */
export interface Place {
  account: string;
  cluster: string;
  person: string;
  /** Stands in every name of this place. */
  mark: string;
}

/** A person with grants, without a session. Returns the id. */
export async function makePerson(name: string, grants: readonly (readonly [Role, string | null])[]): Promise<string> {
  const id = uuidv7();
  await pool().query(`INSERT INTO "User" (id, name, email, "updatedAt") VALUES ($1, $2, $3, now())`, [
    id,
    name,
    `${name.replaceAll(/\W+/g, "-").toLowerCase()}-${id.slice(-6)}@example.com`,
  ]);
  for (const [role, accountId] of grants)
    await pool().query(`INSERT INTO "RoleGrant" (id, "userId", role, "accountId") VALUES ($1, $2, $3, $4)`, [
      uuidv7(),
      id,
      role,
      accountId,
    ]);
  return id;
}

export async function makePlace(mark: string): Promise<Place> {
  const account = uuidv7();
  const cluster = uuidv7();
  await pool().query(
    `INSERT INTO "Account" (id, provider, name, "externalId", settings, "updatedAt") VALUES ($1, 'aws', $2, $2, '{}', now())`,
    [account, `account-${mark}`],
  );
  await pool().query(
    `INSERT INTO "Cluster" (id, "accountId", distribution, name, aliases, managed) VALUES ($1, $2, 'eks', $3, '{}', '{}')`,
    [cluster, account, `cluster-${mark}`],
  );
  const person = await makePerson(`person-${mark}`, [["Security Reader", account]]);
  return { account, cluster, person, mark };
}

/** What an action uses up: made anew for each who tries. Each answers the id of its row. */
export const MADE: Readonly<Record<string, (place: Place) => Promise<string>>> = {
  $route: async () =>
    insert(
      `INSERT INTO "NotificationRoute" (id, name, "minSeverity", "toRoles", "updatedAt") VALUES ($1, 'matrix', 2, '{Owner}', now())`,
    ),
  $recipient: async () =>
    insert(
      `INSERT INTO "Recipient" (id, address, "updatedAt") VALUES ($1::uuid, ($1::uuid)::text || '@example.com', now())`,
    ),
  $delivery: async () =>
    insert(
      `INSERT INTO "Delivery" (id, address, template, state, "nextAttemptAt") VALUES ($1, 'x@example.com', 'test', 'failed', now())`,
    ),
  $exemption: async ({ account }) =>
    insert(
      `INSERT INTO "Exemption" (id, type, state, targets, everywhere, "accountIds", reason, "requestedBy", "requestedAt")
       VALUES ($1, 'waiver', 'active', jsonb_build_array(jsonb_build_object('account', $2::text)), false, ARRAY[$2::uuid], 'x', 'x', now())`,
      account,
    ),
  $invitation: async ({ account }) =>
    insert(
      `INSERT INTO "Invitation" (id, email, role, everything, "accountIds", hash, "inviterId", inviter, "expiresAt")
       VALUES ($1::uuid, 'guest@example.com', 'Security Reader', false, $2, ($1::uuid)::text, 'x', 'x', now() + interval '1 day')`,
      [account],
    ),
};

async function insert(sql: string, ...values: unknown[]): Promise<string> {
  const id = uuidv7();
  await pool().query(sql, [id, ...values]);
  return id;
}

/** Signs a person in through a one-time link and gives the request headers that the browser would send. */
export async function sessionHeaders(userId: string): Promise<Headers> {
  const token = newToken();
  await pool().query(
    `INSERT INTO "OneTimeToken" (id, purpose, hash, "userId", "expiresAt") VALUES ($1, 'sign-in', $2, $3, now() + interval '1 hour')`,
    [uuidv7(), hashToken(token), userId],
  );
  const { headers } = await auth().api.signInByLink({ body: { token }, headers: new Headers(), returnHeaders: true });
  const cookie = headers
    .getSetCookie()
    .map((line) => line.split(";")[0] ?? "")
    .join("; ");
  return new Headers({ cookie, "sec-fetch-site": "same-origin", host: "127.0.0.1:3000" });
}

/** Somebody who tries every entry: signed in, with what he may do. */
export interface Persona {
  name: string;
  grants: { role: Role; accountId: string | null }[];
  headers: Headers;
}

/** A person of every role on everything, on `own` and on `foreign`, and one without any; the strongest first. */
export async function makePersonas(own: Place, foreign: Place): Promise<Persona[]> {
  const reaches = [
    ["everything", null],
    ["the account", own.account],
    ["another account", foreign.account],
  ] as const;
  const wanted = reaches.flatMap(([where, accountId]) =>
    ROLES.map((role) => ({ name: `${role} of ${where}`, grants: [{ role, accountId }] })),
  );
  const personas: Persona[] = [];
  // One after the other: a slow machine must not make sign-ins wait for each other.
  for (const { name, grants } of [...wanted, { name: "nobody's", grants: [] }]) {
    const id = await makePerson(
      name,
      grants.map((grant) => [grant.role, grant.accountId] as const),
    );
    personas.push({ name, grants, headers: await sessionHeaders(id) });
  }
  return personas;
}

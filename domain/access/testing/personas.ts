import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { auth } from "../auth";
import { ROLES, type Role } from "../scope";
import { hashToken, newToken } from "../token";

/** What is concerned: an account with a cluster and a person (with a password) of its own, all named so that a leak is seen. */
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
  await pool().query(
    `INSERT INTO "SignInMethod" (id, "userId", "accountId", "providerId", password, "updatedAt") VALUES ($1, $2, $2, 'credential', 'no hash', now())`,
    [uuidv7(), person],
  );
  return { account, cluster, person, mark };
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

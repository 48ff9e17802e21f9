import "server-only";
import { readFileSync } from "node:fs";
import { type Env, env, SettingError } from "@/lib/env";
import { reasonOf } from "@/lib/log";
import { SETTINGS, type SettingName } from "@/lib/settings";
import { ROLES, type Role } from "../scope";

/** How people sign in through an OpenID provider, as the settings say. */
export interface OidcSetting {
  /** Without a slash at its end unless the provider's own issuer has one. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  scopes: string;
  /** Claim whose value or values decide the role on everything; null: Owners give roles by hand. */
  role: { claim: string; of: ReadonlyMap<string, Role> } | null;
  allowPrivate: boolean;
}

const example = (name: SettingName): string => `Example: ${name}=${SETTINGS[name].example}`;

/** "sec-admins=Security Admin, staff=Security Reader" as a map. Throws SettingError. */
export function parseRoleMap(text: string): Map<string, Role> {
  const of = new Map<string, Role>();
  for (const pair of text.split(",")) {
    const at = pair.lastIndexOf("=");
    const value = pair.slice(0, at).trim();
    const role = ROLES.find((each) => each === pair.slice(at + 1).trim());
    if (at < 1 || value === "" || role === undefined)
      throw new SettingError(
        `SEAWALL_OIDC_ROLES: "${pair.trim()}" is no value=role. Roles are ${ROLES.join(", ")}. ${example("SEAWALL_OIDC_ROLES")}`,
      );
    of.set(value, role);
  }
  return of;
}

/** What the file of a secret holds, without the newline that editors add. Throws SettingError. */
function readSecret(name: SettingName, file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new SettingError(`${name}: ${file} cannot be read: ${reasonOf(error)}. ${example(name)}`, { cause: error });
  }
  if (text === "") throw new SettingError(`${name}: ${file} is empty. Put the client secret into it. ${example(name)}`);
  return text;
}

/** Throws SettingError when only some of the settings that belong together are set: it names one that is missing. */
function requireWhole(given: Env): void {
  const needs: readonly [SettingName, readonly SettingName[]][] = [
    ["SEAWALL_OIDC_ISSUER", ["SEAWALL_OIDC_CLIENT_ID", "SEAWALL_OIDC_CLIENT_SECRET_FILE"]],
    ["SEAWALL_OIDC_CLIENT_ID", ["SEAWALL_OIDC_ISSUER"]],
    ["SEAWALL_OIDC_CLIENT_SECRET_FILE", ["SEAWALL_OIDC_ISSUER"]],
    ["SEAWALL_OIDC_ROLE_CLAIM", ["SEAWALL_OIDC_ISSUER", "SEAWALL_OIDC_ROLES"]],
    ["SEAWALL_OIDC_ROLES", ["SEAWALL_OIDC_ISSUER", "SEAWALL_OIDC_ROLE_CLAIM"]],
  ];
  for (const [name, others] of needs)
    for (const other of given[name] === undefined ? [] : others)
      if (given[other] === undefined)
        throw new SettingError(`${other}: is not set, but ${name} needs it too. ${example(other)}`);
}

/**
 * The provider's settings, proved: whole, readable, with known roles; null when single sign-on is not set up. The start calls it,
 * so that nobody learns of a wrong one at the sign-in page. Throws SettingError.
 */
export function readOidcSetting(given: Env): OidcSetting | null {
  requireWhole(given);
  const { SEAWALL_OIDC_ISSUER: issuer, SEAWALL_OIDC_CLIENT_ID: clientId } = given;
  const { SEAWALL_OIDC_CLIENT_SECRET_FILE: file, SEAWALL_OIDC_ROLE_CLAIM: claim, SEAWALL_OIDC_ROLES: roles } = given;
  if (issuer === undefined || clientId === undefined || file === undefined) return null;
  return {
    issuer,
    clientId,
    clientSecret: readSecret("SEAWALL_OIDC_CLIENT_SECRET_FILE", file),
    scopes: given.SEAWALL_OIDC_SCOPES,
    role: claim === undefined || roles === undefined ? null : { claim, of: parseRoleMap(roles) },
    allowPrivate: given.SEAWALL_ALLOW_PRIVATE_NETWORKS,
  };
}

let held: OidcSetting | null | undefined;
/** The provider's settings of this process; null when single sign-on is not set up. Throws SettingError. */
export function oidcSetting(): OidcSetting | null {
  if (held === undefined) held = readOidcSetting(env());
  return held;
}

/** The strongest role that a claim's value or values stand for; null for none. */
export function mappedRole(of: ReadonlyMap<string, Role>, claim: unknown): Role | null {
  const values = Array.isArray(claim) ? claim : [claim];
  const held = values.flatMap((value) => (typeof value === "string" ? (of.get(value) ?? []) : []));
  return ROLES.find((role) => held.includes(role)) ?? null;
}

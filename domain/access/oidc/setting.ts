import "server-only";
import { readFileSync } from "node:fs";
import { env, SettingError } from "@/lib/env";
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

/** "sec-admins=Security Admin, staff=Security Reader" as a map. Throws SettingError. */
export function parseRoleMap(text: string): Map<string, Role> {
  const of = new Map<string, Role>();
  for (const pair of text.split(",")) {
    const at = pair.lastIndexOf("=");
    const value = pair.slice(0, at).trim();
    const role = ROLES.find((each) => each === pair.slice(at + 1).trim());
    if (at < 1 || value === "" || role === undefined)
      throw new SettingError(
        `SEAWALL_OIDC_ROLES: "${pair.trim()}" is no value=role. Roles are ${ROLES.join(", ")}. Example: SEAWALL_OIDC_ROLES=platform-security=Security Admin,staff=Security Reader`,
      );
    of.set(value, role);
  }
  return of;
}

let held: OidcSetting | null | undefined;
/** The provider's settings; null when single sign-on is not set up. Throws SettingError when it is set up in part. */
export function oidcSetting(): OidcSetting | null {
  if (held !== undefined) return held;
  const given = env();
  const { SEAWALL_OIDC_ISSUER: issuer, SEAWALL_OIDC_CLIENT_ID: clientId } = given;
  const secretFile = given.SEAWALL_OIDC_CLIENT_SECRET_FILE;
  if (issuer === undefined) {
    held = null;
    return held;
  }
  if (clientId === undefined || secretFile === undefined)
    throw new SettingError("SEAWALL_OIDC_ISSUER needs SEAWALL_OIDC_CLIENT_ID and SEAWALL_OIDC_CLIENT_SECRET_FILE too.");
  const { SEAWALL_OIDC_ROLE_CLAIM: claim, SEAWALL_OIDC_ROLES: roles } = given;
  if ((claim === undefined) !== (roles === undefined))
    throw new SettingError("SEAWALL_OIDC_ROLE_CLAIM and SEAWALL_OIDC_ROLES belong together.");
  held = {
    issuer,
    clientId,
    clientSecret: readFileSync(secretFile, "utf8").trim(),
    scopes: given.SEAWALL_OIDC_SCOPES,
    role: claim === undefined || roles === undefined ? null : { claim, of: parseRoleMap(roles) },
    allowPrivate: given.SEAWALL_ALLOW_PRIVATE_NETWORKS,
  };
  return held;
}

/** The strongest role that a claim's value or values stand for; null for none. */
export function mappedRole(of: ReadonlyMap<string, Role>, claim: unknown): Role | null {
  const values = Array.isArray(claim) ? claim : [claim];
  const held = values.flatMap((value) => (typeof value === "string" ? (of.get(value) ?? []) : []));
  return ROLES.find((role) => held.includes(role)) ?? null;
}

import { holdsConnectionString } from "./connection-string";
import { holdsAddressWithPassword, holdsAddressWithUser, setsPassword } from "./password";
import { isPlaceholder } from "./placeholder";

/**
 * Shapes of values that are secrets whatever they are called. Each pattern begins with a fixed text, and what follows is bounded or
 * ends where the next such text may begin, so that the time grows with the text's length alone. References (`${NAME}`, `$(NAME)`,
 * `{{ .name }}`, `<name>`) are no passwords.
 */
const SECRETS: readonly (readonly [shape: string, pattern: Pick<RegExp, "test">])[] = [
  ["private key", /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/],
  ["password within an address", { test: holdsAddressWithUser }],
  ["password within an address", { test: holdsAddressWithPassword }],
  ["connection string with a password", { test: holdsConnectionString }],
  ["storage key", /\b(?:Account|SharedAccess)Key=[A-Za-z0-9+/]{40,100}=/],
  ["AWS key", /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/],
  ["AWS key", /\baws_secret_access_key["']?\s{0,4}[=:]\s{0,4}["']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/i],
  ["JSON web token", /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{16}/],
  [
    "token of a service",
    /(?<![A-Za-z0-9_])(?:gh[oprsu]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22}|glpat-[A-Za-z0-9_-]{20}|xox[abprs]-[A-Za-z0-9-]{10}|npm_[A-Za-z0-9]{36}|sk_live_[A-Za-z0-9]{24}|AIza[A-Za-z0-9_-]{35})/,
  ],
  ["credential of a registry", { test: holdsRegistryAuth }],
  ["password that a file sets", { test: setsPassword }],
];
const REGISTRY_AUTH = /"auth"\s{0,10}:\s{0,10}"([A-Za-z0-9+/]{8,4000}={0,2})"/g;
/** Whether a text holds the `auth` of a registry as Docker's settings have it: `user:password` in Base64. */
function holdsRegistryAuth(text: string): boolean {
  for (const [, auth = ""] of text.matchAll(REGISTRY_AUTH))
    if (/^[ -9;-~]{1,200}:[ -~]{1,4000}$/.test(Buffer.from(auth, "base64").toString("latin1"))) return true;
  return false;
}

/** Values that are no secret under whatever name, beside placeholders: nothing, a reference as a whole, the path of a file. */
const HARMLESS =
  /^(?:[$]\([\w.-]{1,200}\)|[$]\{[\w.-]{1,200}(?::?[-=]?|:?\?[^\n]{0,200})\}|\{\{[^\n]{1,300}\}\}|\{[\w.-]{1,200}\}|<[^\n]{1,300}>|file:\S{1,300}|\/\S{1,300})?$/i;

/** Names of the shapes that are secrets. */
export const SECRET_SHAPES: readonly string[] = [...new Set(SECRETS.map(([shape]) => shape))];

/** What a text looks like: one of `SECRET_SHAPES`, `harmless`, or `text`. Never anything of the text itself. */
export function shapeOf(text: string): string {
  const secret = SECRETS.find(([, pattern]) => pattern.test(text));
  if (secret !== undefined) return secret[0];
  if (text.length >= 400) return "text";
  return HARMLESS.test(text.trim()) || isPlaceholder(text.trim()) ? "harmless" : "text";
}

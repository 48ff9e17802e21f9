import { isDeepStrictEqual } from "node:util";
import { arcTokenField } from "@/connectors/arc/schema";
import { CLOUD_FORMS } from "../cloud-form";
import {
  type ConnectionResult,
  type Entered,
  parseConnection,
  parseSettings,
  type Settings,
  usedSecrets,
} from "../connection";
import type { Connectable } from "../schema";
import { EFFECTS, takesAway } from "./effect";

const AGAIN = "Enter it again: the stored one is not sent to another address or as another identity.";

const listOf = (value: unknown): Settings[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === "object" && each !== null) : [];

/** Stored credentials that the edited settings would send somewhere else, or have taken for somebody else's. */
function astray(cloud: Connectable, before: Settings, after: Settings): Set<string> {
  const moved = Object.entries(EFFECTS[cloud]).some(
    ([field, effect]) => takesAway(effect) && !isDeepStrictEqual(before[field], after[field]),
  );
  const gone = new Set(moved ? CLOUD_FORMS[cloud].secrets.map(({ name }) => name) : []);
  const known = new Map(listOf(before.arc).map((entry) => [entry.name, entry]));
  for (const entry of listOf(after.arc))
    if (!isDeepStrictEqual(known.get(entry.name), entry)) gone.add(arcTokenField(String(entry.name)));
  return gone;
}

export interface Change {
  settings: Settings;
  /** Entered anew. */
  secrets: Readonly<Record<string, string>>;
  /** Stored credentials that are used no longer and will be destroyed. */
  forget: string[];
  /** False: the connection stays as it is, so there is nothing to test. */
  moves: boolean;
}
export type ChangeResult = { ok: true; change: Change } | Extract<ConnectionResult, { ok: false }>;

/**
 * What an edit of an account's connection comes to. A credential that was left empty keeps its stored value, unless the edit
 * changes where it is sent or as whom it signs in: whoever edits accounts must not be able to have a stored credential sent to a server
 * of theirs, or used as an identity that they chose.
 * The id by which the cloud knows the account never changes: another one is another account.
 */
export function changeOf(
  cloud: Connectable,
  before: Settings,
  stored: readonly string[],
  entered: Entered,
): ChangeResult {
  const { idField } = CLOUD_FORMS[cloud];
  const parsed = parseConnection(cloud, {
    settings: { ...entered.settings, [idField]: before[idField] },
    secrets: entered.secrets,
  });
  if (!parsed.ok) return parsed;
  const { settings, secrets } = parsed.connection;
  // What is stored, as it would be parsed today: a line end or a default is no change.
  const old = parseSettings(cloud, before);
  const was = old.ok ? old.settings : before;
  const used = usedSecrets(cloud, settings);
  const gone = astray(cloud, was, settings);
  const problems: Record<string, string> = {};
  for (const name of used.filter((each) => gone.has(each) && stored.includes(each) && !Object.hasOwn(secrets, each)))
    problems[`secret.${name}`] = AGAIN;
  if (Object.keys(problems).length > 0) return { ok: false, fields: problems };
  const forget = stored.filter((name) => !used.includes(name) && !Object.hasOwn(secrets, name));
  const moves = Object.keys(secrets).length > 0 || forget.length > 0 || !isDeepStrictEqual(was, settings);
  return { ok: true, change: { settings, secrets, forget, moves } };
}

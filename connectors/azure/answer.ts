import { ConnectorError } from "@/connectors/connector";
import { wordOf } from "@/connectors/word";

/** Where something stands that has no members. */
const WRONG = Symbol("wrong");

type Members = ReadonlyMap<string, unknown>;
/** Made once for an object: it is read leaf by leaf, and may hold any number of names. */
const membersOf = new WeakMap<object, Members>();

function members(of: object): Members {
  const known = membersOf.get(of);
  if (known) return known;
  const made = new Map<string, unknown>();
  for (const [key, value] of Object.entries(of)) {
    const name = key.toLowerCase();
    made.set(name, !made.has(name) || made.get(name) === value ? value : WRONG);
  }
  membersOf.set(of, made);
  return made;
}

/**
 * An own member. The SDK, ARM and `az` spell one name each in its own case (`enableRbac`, `enableRBAC`; `authorizedIPRanges`,
 * `authorizedIpRanges`), and ARM takes them for the same: so does this. Two spellings that disagree tell nothing.
 */
const member = (of: object, key: string): unknown => members(of).get(key.toLowerCase());

function at(root: unknown, path: readonly string[]): unknown {
  let here = root;
  for (const key of path) {
    if (here === undefined || here === null) return undefined;
    if (typeof here !== "object" || Array.isArray(here)) return WRONG;
    here = member(here, key);
  }
  return here ?? undefined;
}

/**
 * Reads leaves of an answer whose types nobody guarantees, e.g. `read.flag(["aadProfile", "managed"], false)`. An omitted leaf (absent
 * or null, or below something absent) gives `omitted`: the cloud's documented default, or nothing. A leaf of another type gives
 * nothing, never the default.
 */
export function reader(root: unknown) {
  const leaf = <T>(path: readonly string[], ofType: (value: unknown) => value is T, omitted?: T): T | undefined => {
    const value = at(root, path);
    if (value === undefined) return omitted;
    return ofType(value) ? value : undefined;
  };
  const isText = (value: unknown): value is string => typeof value === "string" && value.length <= 1_000;
  return {
    flag: (path: readonly string[], omitted?: boolean) => leaf(path, (value) => typeof value === "boolean", omitted),
    text: (path: readonly string[], omitted?: string) => leaf(path, isText, omitted),
    /** One of the words that are known, as it is written there; any other text gives nothing. */
    word: <W extends string>(path: readonly string[], words: readonly W[], omitted?: W): W | undefined =>
      wordOf(words, leaf(path, isText, omitted)),
    count: (path: readonly string[]) => leaf(path, (value): value is number => Number.isSafeInteger(value)),
    texts: (path: readonly string[], omitted?: string[]) =>
      leaf(
        path,
        (value): value is string[] => Array.isArray(value) && value.length <= 10_000 && value.every(isText),
        omitted,
      ),
    /** A Date of the SDK, or the text it was made from, as ISO text. */
    time: (path: readonly string[]) => {
      const value = at(root, path);
      const time = value instanceof Date ? value : new Date(typeof value === "string" ? value : Number.NaN);
      return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
    },
    /** Whether anything stands there, of whatever type. */
    isThere: (path: readonly string[]) => at(root, path) !== undefined,
    /** Own entries of an object: undefined when omitted, null when it is something else. */
    entries: (path: readonly string[]): [string, unknown][] | null | undefined => {
      const value = at(root, path);
      if (value === undefined) return undefined;
      return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : null;
    },
  };
}

/** An ARM resource id in parts. Errors: none; null when it is not one. */
export function resourceId(id: unknown): { group: string; name: string; id: string } | null {
  if (typeof id !== "string" || id.length > 1_000) return null;
  const match = /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)\/providers\/[^/]+\/[^/]+\/([^/]+)$/i.exec(id);
  const [, group, name] = match ?? [];
  return group && name ? { group, name, id: id.toLowerCase() } : null;
}

/**
 * The ARM id among the aliases of a known cluster. Errors: ConnectorError `malformed`, also when `answered`, the id of what
 * the cloud answered for it, is another one.
 */
export function knownId(aliases: readonly string[], what: string, answered?: { id: unknown }) {
  for (const alias of aliases) {
    const ref = resourceId(alias);
    if (ref && (answered === undefined || resourceId(answered.id)?.id === ref.id)) return ref;
  }
  const message = "Azure's answer is not the cluster that was asked for by its id. The next scan tries again.";
  throw new ConnectorError({ code: "malformed", what, message });
}

/** ARM answers a location by its name or as people read it: `eastus`, `East US`. */
export const regionOf = (location: string | undefined): string | undefined =>
  location?.toLowerCase().replaceAll(" ", "");

import { isStorableName, stringMap } from "./json";
import type { KubernetesObject } from "./schema";

/** Where people write whose something is. The first that is there counts; each also behind a prefix (`shop.example/team`). */
const WORDS = ["owner", "team"];
/** Names of more letters are no names. */
const MAX_LENGTH = 253;

/** A prefix of Kubernetes' own belongs to a tool, which writes there what it owns and not who. */
const isTools = (prefix: string): boolean => /(^|\.)(k8s|kubernetes)\.io$/.test(prefix);

/**
 * Whose an object is, as its labels say (`owner` or `team`, alone or behind a prefix of the company's), else as its annotations
 * do; null when nobody wrote it.
 */
export function ownerOf({ metadata }: KubernetesObject): string | null {
  for (const said of [stringMap(metadata.labels), stringMap(metadata.annotations)]) {
    for (const word of WORDS) {
      const prefixed = [...said].find(([key]) => {
        const [prefix = "", name, more] = key.split("/");
        return name === word && more === undefined && !isTools(prefix);
      });
      const found = said.get(word) || prefixed?.[1];
      if (isStorableName(found) && found.length <= MAX_LENGTH) return found;
    }
  }
  return null;
}

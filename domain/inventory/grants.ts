import { list, record } from "./json";
import { REACHES } from "./power";
import { serviceAccountsOf } from "./rbac";
import type { KubernetesObject } from "./schema";
import { isAbsentOrList } from "./selector";

/** The same power in more namespaces than these is named for the first of them only; whoever reads a hundred has read enough. */
const MOST_PLACES = 100;
const SYSTEM = "@kube-system";

/** In order, and no more than are named. Controls ask whether kube-system is one of them, or any is: neither gets lost. */
function named(places: Iterable<string>): string[] {
  const sorted = [...new Set(places)].sort();
  const first = sorted.slice(0, MOST_PLACES);
  if (sorted.length > first.length && sorted.includes(SYSTEM) && !first.includes(SYSTEM)) first.splice(-1, 1, SYSTEM);
  return first;
}

/**
 * Who was granted what. Of one power at the most MOST_PLACES namespaces are told, kube-system always: all of them, of each of thousands
 * of service accounts that one group holds, would be as many texts as there are accounts times namespaces.
 */
export class Grants {
  /** By whom, then by power. */
  readonly #granted = new Map<string, Map<string, Set<string>>>();
  readonly #unknown = new Set<string>();
  readonly #named = new Map<string, ReadonlyMap<string, readonly string[]>>();
  readonly #told = new Map<string, string[] | undefined>();

  add(binding: KubernetesObject, powers: readonly string[] | undefined, where: string): void {
    if (powers?.length === 0) return;
    const { subjects } = binding;
    if (!isAbsentOrList(subjects, isSubject)) this.#unknown.add("*");
    for (const subject of list(subjects)) {
      const whom = serviceAccountsOf(subject, binding.metadata.namespace ?? "");
      if (whom === null) continue;
      if (powers === undefined) this.#unknown.add(whom);
      const known = this.#granted.get(whom) ?? new Map<string, Set<string>>();
      for (const power of powers ?? []) known.set(power, (known.get(power) ?? new Set()).add(where));
      this.#granted.set(whom, known);
    }
  }

  /** The mightiest first, and by namespace: a message shows no more than the beginning of a list. */
  of(namespace: string, account: string): string[] | undefined {
    const names = [`${namespace}/${account}`, `${namespace}/*`, "*"].filter(
      (name) => this.#granted.has(name) || this.#unknown.has(name),
    );
    const key = JSON.stringify(names);
    if (!this.#told.has(key)) this.#told.set(key, this.#together(names));
    return this.#told.get(key);
  }

  #together(names: readonly string[]): string[] | undefined {
    const granted = names.map((name) => this.#of(name));
    const found = REACHES.flatMap((power) =>
      named(granted.flatMap((one) => one.get(power) ?? [])).map((place) => `${power}${place}`),
    );
    // Who holds everything already can't hold more through what could not be read.
    return names.some((name) => this.#unknown.has(name)) && !found.includes("wildcard") ? undefined : found;
  }

  #of(name: string): ReadonlyMap<string, readonly string[]> {
    const made = () => new Map([...(this.#granted.get(name) ?? [])].map(([power, places]) => [power, named(places)]));
    const found = this.#named.get(name) ?? made();
    this.#named.set(name, found);
    return found;
  }
}

/** How many bindings name whom; those for all service accounts of the cluster don't count as anybody's own. */
export class Bound {
  readonly #count = new Map<string, number>();
  #unknown = false;

  add(binding: KubernetesObject): void {
    if (!isAbsentOrList(binding.subjects, isSubject)) this.#unknown = true;
    const named = new Set(
      list(binding.subjects).map((subject) => serviceAccountsOf(subject, binding.metadata.namespace ?? "")),
    );
    for (const whom of named) if (whom !== null) this.#count.set(whom, (this.#count.get(whom) ?? 0) + 1);
  }

  of(namespace: string, account: string): number | undefined {
    if (this.#unknown) return undefined;
    return (this.#count.get(`${namespace}/${account}`) ?? 0) + (this.#count.get(`${namespace}/*`) ?? 0);
  }
}

export const isSubject = (subject: unknown): boolean => {
  const { kind, name } = record(subject);
  return typeof kind === "string" && typeof name === "string";
};

import { stringMap } from "./json";
import { type Selector, selectorOf } from "./selector";

/**
 * So many terms of selectors are asked of one object's labels at the most. No cluster that works comes near: most selectors name a
 * label that few objects bear, and are not asked of any other. Beyond it nobody is told what selects the object.
 */
const MOST_TERMS = 2000;
/** The same for one namespace's objects, asked by all of its selectors. */
const MOST_ASKED = 20_000_000;

const nameOf = (key: string, value: string): string => `${key}\n${value}`;
const namesOf = (labels: ReadonlyMap<string, string>): string[] =>
  [...labels].map(([key, value]) => nameOf(key, value));

/** How many selectors ask for each label. */
function frequencies(selectors: readonly Selector[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { wanted } of selectors) for (const word of namesOf(wanted)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
type Label = readonly [key: string, value: string];
const rarest = (wanted: Selector["wanted"], counts: ReadonlyMap<string, number>): Label | undefined => {
  const of = ([key, value]: Label): number => counts.get(nameOf(key, value)) ?? 0;
  return [...wanted].reduce<Label | undefined>((a, b) => (a === undefined || of(b) < of(a) ? b : a), undefined);
};

interface Group<Thing> {
  terms: number;
  things: { selector: Selector; thing: Thing }[];
}

/** Things that have a label selector each, asked for those which select an object. */
export class Choice<Thing> {
  /** Those that ask for no label by its value. */
  readonly #others: Group<Thing> = { terms: 0, things: [] };
  /** The others by key and value of the rarest label that they ask for. Not by both in one text: of thousands of pods it would be made anew. */
  readonly #by = new Map<string, Map<string, Group<Thing>>>();

  /** `selector`: what a thing selects by; undefined when it selects nothing. */
  constructor(all: readonly Thing[], selector: (thing: Thing) => unknown) {
    const things = all.flatMap((thing) => {
      const said = selector(thing);
      return said === undefined ? [] : [{ thing, selector: selectorOf(said) }];
    });
    const counts = frequencies(things.map(({ selector }) => selector));
    for (const one of things) {
      const group = this.#groupOf(rarest(one.selector.wanted, counts));
      group.terms += 1 + one.selector.terms;
      group.things.push(one);
    }
  }

  #groupOf(label: Label | undefined): Group<Thing> {
    if (label === undefined) return this.#others;
    const [key, value] = label;
    const byValue = this.#by.get(key) ?? new Map<string, Group<Thing>>();
    this.#by.set(key, byValue);
    const group = byValue.get(value) ?? { terms: 0, things: [] };
    byValue.set(value, group);
    return group;
  }

  /** Things that select these labels, in no certain order; undefined when there are too many to ask. */
  of(labels: unknown): Thing[] | undefined {
    if (this.#by.size === 0 && this.#others.terms === 0) return [];
    const has = stringMap(labels);
    const groups = [this.#others];
    let { terms } = this.#others;
    for (const [key, value] of has) {
      const group = this.#by.get(key)?.get(value);
      if (group === undefined) continue;
      groups.push(group);
      terms += group.terms;
    }
    if (terms > MOST_TERMS) return undefined;
    const found: Thing[] = [];
    for (const { things } of groups)
      for (const { selector, thing } of things) if (selector.selects(has)) found.push(thing);
    return found;
  }
}

/** Labels of a namespace's objects, asked by `askers` selectors for how many of them they select. */
export class Labelled {
  readonly #all: readonly ReadonlyMap<string, string>[];
  readonly #by = new Map<string, ReadonlyMap<string, string>[]>();
  readonly #most: number;

  constructor(labels: readonly unknown[], askers: number) {
    this.#all = labels.map(stringMap);
    this.#most = MOST_ASKED / askers;
    for (const has of this.#all) {
      for (const word of namesOf(has)) {
        const some = this.#by.get(word);
        if (some) some.push(has);
        else this.#by.set(word, [has]);
      }
    }
  }

  /** How many a selector selects; undefined when there are too many to ask. */
  count(selector: unknown): number | undefined {
    const { wanted, terms, selects } = selectorOf(selector);
    if (terms === 0) return this.#all.length;
    const bearing = namesOf(wanted).map((word) => this.#by.get(word) ?? []);
    const fewest = bearing.reduce((a, b) => (b.length < a.length ? b : a), this.#all);
    return fewest.length * terms > this.#most ? undefined : fewest.filter(selects).length;
  }

  /**
   * How many a selector of these labels may select, once pods run: operators and StatefulSets label them further. At least one label
   * must agree, and none may differ. Undefined when there are too many to ask.
   */
  mayCount(labels: unknown): number | undefined {
    const wanted = stringMap(labels);
    const bearing = namesOf(wanted).map((word) => this.#by.get(word) ?? []);
    const asked = bearing.reduce((sum, { length }) => sum + length, 0);
    if (asked * wanted.size > this.#most) return undefined;
    const each = [...wanted];
    const agree = new Set<ReadonlyMap<string, string>>();
    for (const some of bearing)
      for (const has of some) if (each.every(([key, value]) => (has.get(key) ?? value) === value)) agree.add(has);
    return agree.size;
  }
}

import { hash } from "node:crypto";

/** A stream of numbers that depends on nothing but its seed text: mulberry32 over a hash, so neighbours are unrelated. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [from, to], both included. */
  integer(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** `length` letters as Kubernetes' own name suffixes use them. */
  suffix(length: number): string;
}

const SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

/** A class: thousands of streams are made a second, and closures would be made, and named, anew for each. */
class Stream implements Random {
  #state: number;
  constructor(seed: string) {
    this.#state = Number.parseInt(hash("sha256", seed, "hex").slice(0, 8), 16);
  }
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    const state = this.#state;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  }
  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }
  chance(probability: number): boolean {
    return this.next() < probability;
  }
  pick<T>(items: readonly [T, ...T[]]): T {
    return items[Math.floor(this.next() * items.length)] ?? items[0];
  }
  suffix(length: number): string {
    let text = "";
    while (text.length < length) text += SUFFIX_LETTERS[Math.floor(this.next() * SUFFIX_LETTERS.length)] ?? "x";
    return text;
  }
}

export const random = (seed: string): Random => new Stream(seed);

export const hex = (seed: string, length: number): string => hash("sha256", seed, "hex").slice(0, length);

/** A UUID (version 4 in form) that is a function of the seed text. */
export const uuid = (seed: string): string => {
  const digits = hex(seed, 32);
  const variant = ((Number.parseInt(digits.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(18, 20)}-${digits.slice(20, 32)}`;
};

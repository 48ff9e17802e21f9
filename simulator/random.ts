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

export function random(seed: string): Random {
  let state = Number.parseInt(hash("sha256", seed, "hex").slice(0, 8), 16);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    integer: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
    suffix: (length) =>
      Array.from({ length }, () => SUFFIX_LETTERS[Math.floor(next() * SUFFIX_LETTERS.length)] ?? "x").join(""),
  };
}

export const hex = (seed: string, length: number): string => hash("sha256", seed, "hex").slice(0, length);

/** A UUID (version 4 in form) that is a function of the seed text. */
export const uuid = (seed: string): string => {
  const digits = hex(seed, 32);
  const variant = ((Number.parseInt(digits.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(18, 20)}-${digits.slice(20, 32)}`;
};

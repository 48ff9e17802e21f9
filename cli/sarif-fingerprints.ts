import { hash } from "node:crypto";
import { groupOf } from "@/domain/inventory/schema";
import { made, quoted } from "./report";
import type { Place, Result } from "./result";

/** What is kept of controls and paths; what strangers call their fields must not fill the memory. */
const MAX_KNOWN = 10_000;
const half = (text: string): string => hash("sha256", text).slice(0, 16);

/**
 * A finding's fingerprint is that of its object and that of what was found there, 64 bits each: whatever its line, and as long as
 * both stay. Objects are the same for many findings, and controls and paths for many objects: hardly any is hashed twice.
 */
export class ObjectPrints {
  readonly #seen = new Map<string, number>();

  /** Of an object in a file as the report names it; equal ones of one file are told apart by their order. To be asked once of each. */
  next(file: string, { apiVersion, kind, namespace, name }: Place["resource"]): string {
    const who = half([file, groupOf(apiVersion), kind, namespace, name].map(quoted).join(","));
    const nth = (this.#seen.get(who) ?? 0) + 1;
    this.#seen.set(who, nth);
    return nth === 1 ? who : half(`${who}#${nth}`);
  }
}

/** Fingerprints of what was found, by control and path. */
export class FoundPrints {
  readonly #known = new Map<string, string>();

  of({ control }: Pick<Result, "control">, path: string): string {
    const found = `${control.id} ${path}`;
    if (this.#known.size > MAX_KNOWN) this.#known.clear();
    return made(this.#known, found, () => half(found));
  }
}

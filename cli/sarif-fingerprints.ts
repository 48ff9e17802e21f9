import { hash } from "node:crypto";
import { groupOf } from "@/domain/inventory/schema";
import type { Control } from "@/domain/posture/schema";
import { quoted } from "./report";
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
  readonly #known = new Map<Control, Map<string, string>>();
  #size = 0;

  of({ control }: Pick<Result, "control">, path: string): string {
    let ofControl = this.#known.get(control);
    if (ofControl === undefined) {
      ofControl = new Map();
      this.#known.set(control, ofControl);
    }
    const known = ofControl.get(path);
    if (known !== undefined) return known;
    const print = half(`${control.id} ${path}`);
    ofControl.set(path, print);
    this.#size += 1;
    if (this.#size > MAX_KNOWN) {
      this.#known.clear();
      this.#size = 0;
    }
    return print;
  }
}

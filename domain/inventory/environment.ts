import { type Json, list, record, text } from "./json";

/** A text that was put together with variables; undefined where one of them is not known. */
type Expanded = string | undefined;

/** Longer than this no flag is, and more variables no container has: who nests them can make a text of any length. */
const MAX_LENGTH = 16_384;
const MAX_VARIABLES = 500;

/**
 * Variables that Kubernetes may set for the Services of the pod's namespace.
 * https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 */
const OF_SERVICES = /_SERVICE_HOST$|_SERVICE_PORT(_\w+)?$|_PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?$/;

/**
 * The variables of a container, as its command line and those below them may name them. A value is known where it is written;
 * one from elsewhere (`valueFrom`), and all that `envFrom` may define, is not.
 */
export class Environment {
  readonly #values = new Map<string, Expanded>();
  /** Whether variables may be set that `named` does not hold. */
  readonly isOpen: boolean;

  constructor(container: Json) {
    const env = list(container.env);
    this.isOpen = list(container.envFrom).length > 0 || env.length > MAX_VARIABLES;
    for (const item of env.slice(0, MAX_VARIABLES)) {
      const { name, value, valueFrom } = record(item);
      const written = (valueFrom ?? null) === null && typeof (value ?? "") === "string";
      this.#values.set(text(name), written ? this.expand(text(value)) : undefined);
    }
  }

  /** The variables that `env` names, in its order; a value is undefined where it is not known. */
  get named(): ReadonlyMap<string, Expanded> {
    return this.#values;
  }

  /**
   * A text with `$(NAME)` replaced as Kubernetes does before it starts a container: `$$` is a dollar, and a variable that is not
   * defined stays as it is written. https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
   */
  expand(written: string): Expanded {
    // What follows the last bracket holds no reference: without it no search for one runs to the end again and again.
    const end = written.lastIndexOf(")") + 1;
    const parts: string[] = [];
    let [at, length] = [0, 0];
    for (const { 0: whole, 1: name, index } of written.slice(0, end).matchAll(/\$(?:\$|\(([^)]*)\))/g)) {
      const value = name === undefined ? "$" : this.#valueOf(name, whole);
      if (value === undefined) return undefined;
      const before = written.slice(at, index);
      length += before.length + value.length;
      if (length > MAX_LENGTH) return undefined;
      parts.push(before, value);
      at = index + whole.length;
    }
    return [...parts, written.slice(at).replaceAll("$$", () => "$")].join("");
  }

  #valueOf(name: string, whole: string): Expanded {
    if (this.#values.has(name)) return this.#values.get(name);
    return this.isOpen || OF_SERVICES.test(name) ? undefined : whole;
  }
}

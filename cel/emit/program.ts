import { syntaxError } from "../error";
import type { Library } from "../library/library";
import type { Node } from "../syntax/ast";
import type { Value } from "../value/boxed";
import { fault } from "../value/fault";
import type { MessageType } from "../value/message";

/**
 * What is known of a value when the code is written. `optional` is a value that is undefined when there is none: chains of
 * `.?` never make an object. `any` may be every value, first-class optionals among them.
 */
export type Static = "any" | "bool" | "string" | "number" | "list" | "optional";

/** Where a value is: an expression without side effects, cheap enough to be written twice. */
export interface Code {
  readonly atom: string;
  readonly type: Static;
}

export interface Local extends Code {
  /** What the name stands for in the data: `["container", "ports", "*"]`; null when it is made up. */
  readonly path: readonly string[] | null;
  /** Holds the fault when the value has one that only shows where the name is used. */
  readonly fault?: string;
}

export interface Environment {
  readonly library: Library;
  readonly messages: ReadonlyMap<string, MessageType>;
  /** Constants by their qualified name: enum values and the like. */
  readonly constants: ReadonlyMap<string, Value>;
  /** Names tried before a name itself: `a.b` for `a.b.name`, then `a.name`. */
  readonly container: string;
  /** Declared bindings; null when any name may be bound. */
  readonly names: ReadonlySet<string> | null;
  /** Calls of unknown functions fail when they are reached, as the language allows, and not when they are compiled. */
  readonly late: boolean;
}

/** The statement that ends all with a value or a fault. It stands within the block `whole`, behind which `result` is what was found. */
export const end = (value: string): string => `result = ${value}; break whole;`;

/** The JavaScript under construction. Only generated names, JSON literals and numbers are ever written into it. */
export class Program {
  private lines: string[] = [];
  private temps = 0;
  private raised = 0;
  private handler: (fault: string) => string = end;
  private locals: ReadonlyMap<string, Local> = new Map();
  readonly constants: unknown[] = [];
  private readonly known = new Map<unknown, string>();
  readonly bindings = new Map<string, string>();

  constructor(
    private readonly expression: string,
    readonly environment: Environment,
    private readonly emitter: (program: Program, node: Node) => Code,
  ) {}

  /** Writes the code of a node and says where its value is. */
  emit(node: Node): Code {
    return this.emitter(this, node);
  }

  /** Throws CelError `syntax` with the place in the expression. */
  refuse(at: number, message: string): never {
    throw syntaxError(this.expression, at, message);
  }

  line(text: string): void {
    this.lines.push(text);
  }
  temp(): string {
    return `t${this.temps++}`;
  }
  /** A new variable that holds a JavaScript expression. */
  hold(expression: string, type: Static = "any"): Code {
    const atom = this.temp();
    this.line(`let ${atom} = ${expression};`);
    return { atom, type };
  }

  /** The name of a value that can't be written as JSON. */
  constant(value: unknown): string {
    let name = this.known.get(value);
    if (name === undefined) {
      name = `k${this.constants.length}`;
      this.constants.push(value);
      this.known.set(value, name);
    }
    return name;
  }
  fault(code: "absent" | "type", message: string, path?: string): string {
    return this.constant(fault(code, message, path));
  }

  /** The statement that ends this computation with a fault, as its surroundings want it. */
  raise(name: string): string {
    this.raised++;
    return this.handler(name);
  }
  /** Raises what a call gave when it is a fault. */
  check(atom: string): void {
    this.line(`if (typeof ${atom} === "symbol") { ${this.raise(atom)} }`);
  }

  /** Runs `write` with faults handled in another way; tells whether it can raise any. */
  handling<T>(handler: (fault: string) => string, write: () => T): { result: T; raises: boolean } {
    const [outer, before] = [this.handler, this.raised];
    this.handler = handler;
    const result = write();
    this.handler = outer;
    const raises = this.raised > before;
    this.raised = before;
    return { result, raises };
  }

  /** Runs `write` and takes out the lines it wrote. */
  apart<T>(write: () => T): { result: T; lines: string[] } {
    const outer = this.lines;
    this.lines = [];
    const result = write();
    const lines = this.lines;
    this.lines = outer;
    return { result, lines };
  }

  local(name: string): Local | undefined {
    return this.locals.get(name);
  }
  within<T>(names: readonly (readonly [string, Local])[], write: () => T): T {
    const outer = this.locals;
    this.locals = new Map([...outer, ...names]);
    const result = write();
    this.locals = outer;
    return result;
  }

  /** The variable of a binding; undefined in it means that it is not bound. */
  binding(name: string): string {
    let variable = this.bindings.get(name);
    if (variable === undefined) {
      variable = `v${this.bindings.size}`;
      this.bindings.set(name, variable);
    }
    return variable;
  }

  text(): string {
    return this.lines.join("\n");
  }
}

import { Boxed, type Result, type Value } from "./boxed";

/** What an environment must know of a message type. The product has none: Kubernetes objects are maps. */
export interface MessageType {
  readonly name: string;
  /** Builds the value of `Name{field: value}`; entries come checked for repetition. */
  create(fields: ReadonlyMap<string, Value>): Result;
  /** The field's value, its default when unset; a fault for a field that the type has not. */
  get(content: unknown, field: string): Result;
  has(content: unknown, field: string): boolean | symbol;
  /** Whether no field is set. */
  zero(content: unknown): boolean;
  same(a: unknown, b: unknown, equal: (a: Value, b: Value) => boolean): boolean;
}

export class Message extends Boxed {
  constructor(
    readonly $message: MessageType,
    readonly $content: unknown,
  ) {
    super();
  }
}

export const sameMessage = (a: Message, b: Message, equal: (a: Value, b: Value) => boolean): boolean =>
  a.$message.name === b.$message.name && a.$message.same(a.$content, b.$content, equal);

/** The conditions of one query: fixed text from the code, values always bound. Only conditions that are set get in, so the planner sees them. */
export class Where {
  readonly #parts: string[] = [];

  /** Several conditions of one statement share its list of values. */
  constructor(readonly values: unknown[] = []) {}

  /** Binds a value and gives its placeholder. */
  bind(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  and(sql: string): this {
    this.#parts.push(sql);
    return this;
  }

  /** `column` is one of the values, unless there are none. One value is an equality: only then does an index give an order behind it. */
  any(column: string, values: readonly unknown[], type: "text" | "uuid" | "int"): this {
    if (values.length === 0) return this;
    if (values.length === 1) return this.and(`${column} = ${this.bind(values[0])}::${type}`);
    return this.and(`${column} = ANY(${this.bind(values)}::${type}[])`);
  }

  /** `condition` with its placeholder, unless the value is null. */
  when(value: unknown, condition: (placeholder: string) => string): this {
    return value === null ? this : this.and(condition(this.bind(value)));
  }

  get sql(): string {
    return this.#parts.length === 0 ? "true" : this.#parts.map((part) => `(${part})`).join(" AND ");
  }
}

const literally = (text: string): string => text.replace(/[\\%_]/g, "\\$&");

/** A pattern for LIKE that finds the text itself wherever it stands. */
export const containing = (text: string): string => `%${literally(text.toLowerCase())}%`;

/** A pattern for LIKE that finds what begins with the text, as it is spelled. */
export const beginning = (text: string): string => `${literally(text)}%`;

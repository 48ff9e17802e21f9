/** At most `size` of something at once in this process, and of these at most `perHolder` of one holder's. */
export class Slots {
  readonly #taken: string[] = [];

  constructor(
    readonly size: number,
    readonly perHolder: number = size,
  ) {}

  /** Whether none is taken. */
  get isFree(): boolean {
    return this.#taken.length === 0;
  }

  /** Takes a slot for a holder and gives what frees it, once; null when all are taken, or all that one holder may have. */
  take(holder = ""): (() => void) | null {
    const own = this.#taken.filter((each) => each === holder).length;
    if (this.#taken.length >= this.size || own >= this.perHolder) return null;
    this.#taken.push(holder);
    let held = true;
    return () => {
      if (held) this.#taken.splice(this.#taken.indexOf(holder), 1);
      held = false;
    };
  }
}

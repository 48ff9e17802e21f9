/** At most `size` of something at once in this process. */
export class Slots {
  #taken = 0;

  constructor(readonly size: number) {}

  /** Whether none is taken. */
  get isFree(): boolean {
    return this.#taken === 0;
  }

  /** Takes a slot and gives what frees it, once; null when all are taken. */
  take(): (() => void) | null {
    if (this.#taken >= this.size) return null;
    this.#taken++;
    let held = true;
    return () => {
      if (held) this.#taken--;
      held = false;
    };
  }
}

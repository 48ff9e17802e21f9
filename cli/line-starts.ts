/** Where the lines of one text start. Made once and used for one text after the other: for thousands it makes nothing anew. */
export class LineStarts {
  #text: string | null = null;
  #starts = new Uint32Array(4096);
  #count = 0;

  /** Takes another text, unless it is the same. */
  read(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    this.#count = 0;
    for (let at = 0; ; at += 1) {
      if (this.#count === this.#starts.length) this.#grow();
      this.#starts[this.#count] = at;
      this.#count += 1;
      at = text.indexOf("\n", at);
      if (at < 0) return;
    }
  }

  /** The line that a place lies in, from 0. */
  lineOf(place: number): number {
    let [low, high] = [0, this.#count];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= place) low = middle;
      else high = middle;
    }
    return low;
  }

  #grow(): void {
    const grown = new Uint32Array(2 * this.#starts.length);
    grown.set(this.#starts);
    this.#starts = grown;
  }
}

interface Slot<Part> {
  readonly made: Part | Promise<Part>;
  isReady: boolean;
}

/** Parts in the order of the input, some of which are still being made. */
export class PartQueue<Part> {
  readonly #slots: Slot<Part>[] = [];
  readonly #take: (part: Part) => void | Promise<void>;

  /** @param take - the next part comes when it has returned, or its promise is fulfilled. */
  constructor(take: (part: Part) => void | Promise<void>) {
    this.#take = take;
  }

  add(made: Part | Promise<Part>): void {
    const slot: Slot<Part> = { made, isReady: !(made instanceof Promise) };
    this.#slots.push(slot);
    const setReady = (): void => {
      slot.isReady = true;
    };
    // Its failure is met when its turn comes, or is not the first one.
    if (made instanceof Promise) made.then(setReady, setReady);
  }

  /**
   * Takes the parts that are ready, up to the first one that is not.
   *
   * @param maxKept - if there are more than that behind it, it is waited for.
   */
  async advance(maxKept: number): Promise<void> {
    while (this.#slots[0]?.isReady === true || this.#slots.length > maxKept) {
      await this.#take(await (this.#slots.shift() as Slot<Part>).made); // there is one
    }
  }
}

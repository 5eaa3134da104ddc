interface Slot<Part> {
  readonly made: Part | Promise<Part>;
  isReady: boolean;
}

/** Parts in the order of the input. Some of them may still be in progress. */
export class PartQueue<Part> {
  readonly #slots: Slot<Part>[] = [];
  readonly #take: (part: Part) => void | Promise<void>;

  /** @param take - called for the next part when it has returned or its promise is fulfilled. */
  constructor(take: (part: Part) => void | Promise<void>) {
    this.#take = take;
  }

  add(made: Part | Promise<Part>): void {
    const slot: Slot<Part> = { made, isReady: !(made instanceof Promise) };
    this.#slots.push(slot);
    const setReady = (): void => {
      slot.isReady = true;
    };
    // `advance` throws the failure of a part when it takes that part, unless an earlier part has failed.
    if (made instanceof Promise) made.then(setReady, setReady);
  }

  /**
   * Takes the parts that are ready, up to the first one that is not.
   *
   * @param maxKept - if more parts than this are queued, waits for the first one.
   */
  async advance(maxKept: number): Promise<void> {
    while (this.#slots[0]?.isReady === true || this.#slots.length > maxKept) {
      await this.#take(await (this.#slots.shift() as Slot<Part>).made); // not empty
    }
  }
}

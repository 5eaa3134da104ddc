/** Bounds the bytes of request bodies that the process holds at the same time. */
export class BodyMemory {
  readonly #maxBytes: number;
  #heldBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether there is room. If so, the bytes count until {@link release}. */
  hold(bytes: number): boolean {
    if (this.#heldBytes + bytes > this.#maxBytes) return false;
    this.#heldBytes += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#heldBytes -= bytes;
  }
}

/** Shared by all relays of a process, because its memory is. */
export const BODY_MEMORY: BodyMemory = new BodyMemory(64 * 1_024 * 1_024);

/** Message of a 503 response. */
export const BODIES_FULL = "too many request bodies at the same time";

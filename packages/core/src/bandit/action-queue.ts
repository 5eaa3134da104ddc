/**
 * Actions in a subject's order: by shard, then by name. Implemented as a heap, because most draws end before all
 * actions are read, so sorting them would take longer.
 */
export class ActionQueue {
  readonly #names: readonly string[];
  readonly #shards: readonly number[];
  readonly #heap: number[];
  #size: number;

  /** @param shards - one shard for each name. */
  constructor(names: readonly string[], shards: readonly number[]) {
    this.#names = names;
    this.#shards = shards;
    this.#size = names.length;
    this.#heap = new Array<number>(names.length);
    for (let i = 0; i < names.length; i++) this.#heap[i] = i;
    for (let i = (this.#size >> 1) - 1; i >= 0; i--) this.#sink(i);
  }

  /** Removes the next action and returns its index. The queue must not be empty. */
  next(): number {
    const heap = this.#heap;
    const first = heap[0] as number;
    this.#size -= 1;
    heap[0] = heap[this.#size] as number;
    this.#sink(0);
    return first;
  }

  // Indices into the heap and into the names are within bounds by construction.

  /** Moves the element at this position down until the heap is in order. */
  #sink(place: number): void {
    const heap = this.#heap;
    const size = this.#size;
    const index = heap[place] as number;
    let at = place;
    for (let child = 2 * at + 1; child < size; child = 2 * at + 1) {
      const other = child + 1;
      if (other < size && this.#isBefore(heap[other] as number, heap[child] as number)) {
        child = other;
      }
      if (!this.#isBefore(heap[child] as number, index)) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = index;
  }

  #isBefore(a: number, b: number): boolean {
    const order = (this.#shards[a] as number) - (this.#shards[b] as number);
    return order < 0 || (order === 0 && (this.#names[a] as string) < (this.#names[b] as string));
  }
}

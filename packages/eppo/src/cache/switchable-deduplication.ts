import type { DeduplicationStore } from "@sortition/core/logger";

/** Remembers logged events in a store that may be replaced at any time. `null`: every event is logged. */
export class SwitchableDeduplication implements DeduplicationStore {
  #store: DeduplicationStore | null;

  constructor(store: DeduplicationStore | null) {
    this.#store = store;
  }

  /** Replaces the store. Events logged so far are forgotten. */
  use(store: DeduplicationStore | null): void {
    this.#store = store;
  }

  has(flagKey: string, subjectKey: string, via: string | null, choice: string | null): boolean {
    return this.#store?.has(flagKey, subjectKey, via, choice) === true;
  }

  reserve(...exposure: Parameters<DeduplicationStore["reserve"]>): void {
    this.#store?.reserve(...exposure);
  }

  confirm(...exposure: Parameters<DeduplicationStore["confirm"]>): void {
    this.#store?.confirm(...exposure);
  }

  release(...exposure: Parameters<DeduplicationStore["release"]>): void {
    this.#store?.release(...exposure);
  }
}

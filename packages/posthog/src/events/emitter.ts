import type { Diagnostics } from "@sortition/core";
import { messageOf } from "@sortition/core/internal";

/** Events of a client. */
export type ClientEvent =
  | "capture"
  | "identify"
  | "alias"
  | "flush"
  | "error"
  | "localEvaluationFlagsLoaded";

type Listener = (...given: readonly unknown[]) => void;

/** Calls listeners. A listener that throws affects neither the client nor the other listeners. */
export class Emitter {
  readonly #diagnostics: Diagnostics;
  /** Listeners by event. Removing one replaces the list, so that an `emit` in progress still calls all of them. */
  readonly #listeners: Record<string, Listener[] | undefined> = Object.create(null);

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  /**
   * Adds a listener. Returns a function that removes it.
   *
   * @param event - `*` for all events. The listener then receives the name before the payload.
   */
  on(event: string, listener: Listener): () => void {
    const all = this.#listeners;
    all[event] ??= [];
    all[event].push(listener);
    return () => {
      all[event] = all[event]?.filter((it) => it !== listener);
    };
  }

  /** Returns whether a listener would be called for this event. */
  hasListeners(event: ClientEvent): boolean {
    const all = this.#listeners;
    return !!(all["*"]?.length || all[event]?.length);
  }

  emit(event: ClientEvent, payload: unknown): void {
    const all = this.#listeners;
    for (const listener of all[event] ?? []) this.#guarded(() => listener(payload));
    for (const listener of all["*"] ?? []) this.#guarded(() => listener(event, payload));
  }

  #guarded(call: () => void): void {
    try {
      call();
    } catch (cause) {
      this.#diagnostics.warn("a listener failed", { reason: messageOf(cause) });
    }
  }
}

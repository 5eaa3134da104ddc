import type { Diagnostics } from "@sortition/core";
import { messageOf } from "@sortition/core/internal";

/** Events of a client, and `*` for all of them. */
export type ClientEvent =
  | "capture"
  | "identify"
  | "alias"
  | "flush"
  | "error"
  | "localEvaluationFlagsLoaded";

type Listener = (...given: readonly unknown[]) => void;

/** Calls listeners. One that throws harms neither the client nor the others. */
export class Emitter {
  readonly #diagnostics: Diagnostics;
  /** By event. A removal replaces the list, so that an `emit` under way calls all of it. */
  readonly #listeners: Record<string, Listener[] | undefined> = Object.create(null);

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  /**
   * Returns a function that removes the listener.
   *
   * @param event - `*`: all of them, of which the listener gets the name before the payload.
   */
  on(event: string, listener: Listener): () => void {
    const all = this.#listeners;
    all[event] ??= [];
    all[event].push(listener);
    return () => {
      all[event] = all[event]?.filter((it) => it !== listener);
    };
  }

  /** Whether a listener would be called for this event. */
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

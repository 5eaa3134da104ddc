import type { Diagnostics } from "@sortition/core/client";
import { messageOf } from "@sortition/core/source";

/** Events of a client, and `*` for all of them. */
export type ClientEvent =
  | "capture"
  | "identify"
  | "alias"
  | "flush"
  | "error"
  | "localEvaluationFlagsLoaded";

type Listener = (payload: unknown) => void;
type AnyListener = (event: ClientEvent, payload: unknown) => void;

/** Calls listeners. One that throws harms neither the client nor the others. */
export class Emitter {
  readonly #diagnostics: Diagnostics;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #anyListeners = new Set<AnyListener>();

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  /** Returns a function that removes the listener. */
  on(event: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  onAny(listener: AnyListener): () => void {
    this.#anyListeners.add(listener);
    return () => void this.#anyListeners.delete(listener);
  }

  /** Whether a listener would be called for this event. */
  hasListeners(event: ClientEvent): boolean {
    return this.#anyListeners.size > 0 || !!this.#listeners.get(event)?.size;
  }

  emit(event: ClientEvent, payload: unknown): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      this.#guarded(() => listener(payload));
    }
    for (const listener of this.#anyListeners) this.#guarded(() => listener(event, payload));
  }

  #guarded(call: () => void): void {
    try {
      call();
    } catch (cause) {
      this.#diagnostics.warn("a listener failed", { reason: messageOf(cause) });
    }
  }
}

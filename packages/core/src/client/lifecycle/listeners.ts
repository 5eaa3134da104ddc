import type { FlagsChanged } from "../../configuration/diff.js";
import { CallbackError, type SortitionError } from "../../errors/errors.js";
import { guarded } from "../../errors/guard.js";
import type { ExposuresDropped } from "../../events/drop-reports.js";
import type { FlushResult } from "../../events/flush.js";
import type { Diagnostics } from "../../runtime/diagnostics.js";
import type { ClientState, StatusSource } from "./status.js";

/** Events of a client, by name. */
export interface ClientEvents {
  /** The first configuration was loaded. Emitted once, and not replayed to late listeners. */
  ready: { readonly source: StatusSource; readonly revision: string };
  /** After each swap. */
  "configuration-changed": {
    readonly revision: string;
    readonly previousRevision: string | null;
    readonly source: StatusSource;
    readonly flagsChanged: FlagsChanged;
  };
  /**
   * The origin has not confirmed the configuration for `staleAfterMs`, or, for a copy from disk, not yet in
   * this process. `ageMs` is `null` if it is unknown.
   */
  stale: { readonly ageMs: number | null; readonly source: StatusSource };
  /** The origin confirmed the configuration of a stale client. */
  fresh: { readonly ageMs: number; readonly source: StatusSource };
  /** An attempt failed, or the wait for the first configuration ended. Once per cause until a success. */
  error: {
    readonly error: SortitionError;
    readonly state: ClientState;
    readonly nextAttemptInMs: number | null;
  };
  /** Exposures were lost. At most once a minute for each reason and logger. */
  "exposures-dropped": ExposuresDropped;
  /** `close` has settled. */
  closed: FlushResult;
}

/** A listener to one event. What it throws or rejects is reported and not passed on. */
export type ClientListener<Name extends keyof ClientEvents> = (
  event: ClientEvents[Name],
) => unknown;

type AnyListener = (event: never) => unknown;

/** Calls listeners in the order of their registration. */
export class Listeners {
  readonly #byName = new Map<keyof ClientEvents, readonly AnyListener[]>();
  readonly #diagnostics: Diagnostics;

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  /** Adds a listener; the result removes it. Changes count from the next event on. */
  add<Name extends keyof ClientEvents>(name: Name, listener: ClientListener<Name>): () => void {
    // Wrapped, so that one function added twice is two listeners.
    const entry: AnyListener = (event) => listener(event);
    this.#byName.set(name, [...this.#of(name), entry]);
    return () => {
      this.#byName.set(
        name,
        this.#of(name).filter((it) => it !== entry),
      );
    };
  }

  has(name: keyof ClientEvents): boolean {
    const listeners = this.#byName.get(name);
    return listeners !== undefined && listeners.length > 0;
  }

  emit<Name extends keyof ClientEvents>(name: Name, event: ClientEvents[Name]): void {
    for (const listener of this.#of(name)) {
      guarded(
        () => (listener as ClientListener<Name>)(event), // it was added under this name
        (cause) => listenerFailed(this.#diagnostics, name, cause),
      );
    }
  }

  clear(): void {
    this.#byName.clear();
  }

  #of(name: keyof ClientEvents): readonly AnyListener[] {
    return this.#byName.get(name) ?? [];
  }
}

/** Reports what a listener has thrown or rejected. */
export function listenerFailed(diagnostics: Diagnostics, event: string, cause: unknown): void {
  const error = new CallbackError("SORTITION_LISTENER", `a "${event}" listener failed`, cause);
  diagnostics.error("listener failed", { code: error.code, event, error });
}

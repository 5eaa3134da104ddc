import type { FlagsChanged } from "../../configuration/diff.js";
import { CallbackError, type SortitionError } from "../../errors/errors.js";
import { guarded } from "../../errors/guard.js";
import { OncePerCause } from "../../errors/once-per-cause.js";
import type { ExposuresDropped } from "../../events/drop-reports.js";
import type { FlushResult } from "../../events/flush.js";
import type { Diagnostics } from "../../runtime/diagnostics.js";
import type { ClientState, StatusSource } from "./status.js";

/** Events of a client, by name. */
export interface ClientEvents {
  /** The first configuration was loaded. Emitted once, and not repeated for listeners that are added later. */
  ready: { readonly source: StatusSource; readonly revision: string };
  /** Another configuration is in use. */
  "configuration-changed": {
    readonly revision: string;
    readonly previousRevision: string | null;
    readonly source: StatusSource;
    readonly flagsChanged: FlagsChanged;
  };
  /**
   * The origin has not confirmed the configuration for `staleAfterMs`, or has not confirmed a copy from disk in this
   * process. `ageMs` is `null` if the age is unknown.
   */
  stale: { readonly ageMs: number | null; readonly source: StatusSource };
  /** The origin confirmed the configuration of a stale client. */
  fresh: { readonly ageMs: number; readonly source: StatusSource };
  /** An attempt failed, or the wait for the first configuration ended. Emitted once per cause until a success. */
  error: {
    readonly error: SortitionError;
    readonly state: ClientState;
    readonly nextAttemptInMs: number | null;
  };
  /** Exposures were lost. Emitted at most once a minute for each reason and logger. */
  "exposures-dropped": ExposuresDropped;
  /** `close` has settled. */
  closed: FlushResult;
}

/** A listener for one event. Its exceptions and rejections are reported to diagnostics. */
export type ClientListener<Name extends keyof ClientEvents> = (
  event: ClientEvents[Name],
) => unknown;

type AnyListener = (event: never) => unknown;

const NAMES: Readonly<Record<keyof ClientEvents, true>> = {
  ready: true,
  "configuration-changed": true,
  stale: true,
  fresh: true,
  error: true,
  "exposures-dropped": true,
  closed: true,
};

/** Calls listeners in the order of their registration. */
export class Listeners {
  readonly #byName = new Map<keyof ClientEvents, readonly AnyListener[]>();
  readonly #diagnostics: Diagnostics;
  readonly #reported = new OncePerCause();

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  /** Adds a listener, and returns a function that removes it. Changes take effect with the next event. */
  add<Name extends keyof ClientEvents>(name: Name, listener: ClientListener<Name>): () => void {
    if (typeof name === "function") {
      const message = 'on() has no event: write on("ready", (event) => …)';
      if (this.#reported.first("event", "") !== null) this.#diagnostics.warn(message);
      return () => {};
    }
    if (typeof listener !== "function") {
      const instead = name === "ready" ? ", or await client.waitForInitialization()" : "";
      const message = `on("${name}") has no listener: write on("${name}", (event) => …)${instead}`;
      if (this.#reported.first("listener", name) !== null) this.#diagnostics.warn(message);
      return () => {};
    }
    if (!Object.hasOwn(NAMES, name) && this.#reported.first("event", name) !== null) {
      const names = Object.keys(NAMES).join(", ");
      this.#diagnostics.warn(
        `no event "${String(name)}": on("configuration-changed", …) is called for a new configuration; the events are ${names}`,
      );
    }
    // Wrapped, so that adding a function twice creates two listeners.
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

/** Reports an exception or rejection of a listener. */
export function listenerFailed(diagnostics: Diagnostics, event: string, cause: unknown): void {
  const error = new CallbackError("SORTITION_LISTENER", `a "${event}" listener failed`, cause);
  diagnostics.error("listener failed", { code: error.code, event, error });
}

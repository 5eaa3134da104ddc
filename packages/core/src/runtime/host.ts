import { guarded } from "../errors/guard.js";

/**
 * The few globals of the host that this package uses. They are typed here by their structure, since
 * the package compiles without the types of any platform, and read at the moment of use, so that a
 * test's fake or a late polyfill is seen. No other file reads a global of the host.
 */

/** What we need of an `AbortSignal`. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  /** Calls the listener when it fires. */
  addEventListener(type: "abort", listener: () => void): void;
  /** Does not call that listener any more. */
  removeEventListener(type: "abort", listener: () => void): void;
}

/** What we need of an `AbortController`. */
export interface AbortControllerLike {
  readonly signal: AbortSignalLike;
  abort(reason?: unknown): void;
}

interface Console {
  error(...parts: unknown[]): void;
  warn(...parts: unknown[]): void;
}

interface Host {
  readonly AbortController?: new () => AbortControllerLike;
  readonly TextDecoder?: new (
    label: string,
    options: { ignoreBOM: boolean },
  ) => { decode(bytes: Uint8Array): string };
  readonly Buffer?: {
    readonly prototype: {
      /** Compares a stretch of itself, the last two offsets, with one of another. */
      compare(
        this: Uint8Array,
        other: Uint8Array,
        otherStart: number,
        otherEnd: number,
        start: number,
        end: number,
      ): number;
    };
  };
  readonly TextEncoder?: new () => { encode(text: string): Uint8Array };
  readonly console?: Console;
  readonly crypto?: {
    readonly subtle?: { digest(algorithm: string, bytes: Uint8Array): Promise<ArrayBuffer> };
  };
  readonly performance?: { now(): number };
  readonly process?: {
    /** Node's, from 20.16 on: a module of its own without an import. */
    readonly getBuiltinModule?: (name: "node:crypto") =>
      | {
          createHash(algorithm: "sha256"): {
            update(bytes: Uint8Array): unknown;
            digest(): Uint8Array;
          };
        }
      | undefined;
    once?(event: "beforeExit", listener: () => void): unknown;
    off?(event: "beforeExit", listener: () => void): unknown;
  };
  readonly setTimeout?: (callback: () => void, delayMs: number) => unknown;
  readonly clearTimeout?: (timer: unknown) => void;
}

/** The host's globals, as they are now. */
export function host(): Host {
  // Whoever runs us decides which of these exist; every member is optional and has a fallback.
  return globalThis as Host;
}

/** A new `AbortController` of the host, or one of our own where it has none. */
export function createAbortController(): AbortControllerLike {
  const { AbortController } = host();
  return AbortController === undefined ? createPlainController() : new AbortController();
}

/** As much of an `AbortController` as {@link AbortControllerLike} promises. */
function createPlainController(): AbortControllerLike {
  const listeners = new Set<() => void>();
  const signal = {
    aborted: false,
    addEventListener: (_: "abort", listener: () => void) => void listeners.add(listener),
    removeEventListener: (_: "abort", listener: () => void) => void listeners.delete(listener),
  };
  return {
    signal,
    abort() {
      if (signal.aborted) return;
      signal.aborted = true;
      for (const listener of listeners) guarded(listener, () => {});
    },
  };
}

/**
 * Calls back once, when the process has run out of work; never where there are no processes. The
 * result takes that back.
 */
export function onHostIdle(callback: () => void): () => void {
  host().process?.once?.("beforeExit", callback);
  return () => void host().process?.off?.("beforeExit", callback);
}

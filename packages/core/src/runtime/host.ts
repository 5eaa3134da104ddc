/**
 * The few globals of the host that this package uses. They are typed here by their structure, since
 * the package compiles without the types of any platform, and read at the moment of use, so that a
 * test's fake or a late polyfill is seen. No other file reads a global of the host.
 */

/** What we need of an `AbortSignal`. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
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
  readonly TextEncoder?: new () => { encode(text: string): Uint8Array };
  readonly console?: Console;
  readonly crypto?: {
    readonly subtle?: { digest(algorithm: string, bytes: Uint8Array): Promise<ArrayBuffer> };
  };
  readonly performance?: { now(): number };
  readonly setTimeout?: (callback: () => void, delayMs: number) => unknown;
  readonly clearTimeout?: (timer: unknown) => void;
}

/** The host's globals, as they are now. */
export function host(): Host {
  // Whoever runs us decides which of these exist; every member is optional and has a fallback.
  return globalThis as Host;
}

/** A new `AbortController` of the host. */
export function createAbortController(): AbortControllerLike {
  const { AbortController } = host();
  if (AbortController === undefined) {
    throw new Error("this runtime has no AbortController, which a configuration source needs");
  }
  return new AbortController();
}

import { guarded } from "../errors/guard.js";

/**
 * The host's globals that this package uses. They are typed by structure, because the package compiles without the
 * types of any platform, and read when they are used, so that fakes and late polyfills work. No other file reads a
 * global of the host.
 */

/** The part of an `AbortSignal` that this package uses. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  /** Adds a listener for the moment when the signal fires. */
  addEventListener(type: "abort", listener: () => void): void;
  /** Removes a listener. */
  removeEventListener(type: "abort", listener: () => void): void;
}

/** The part of an `AbortController` that this package uses. */
export interface AbortControllerLike {
  readonly signal: AbortSignalLike;
  abort(reason?: unknown): void;
}

/** The part of Node's hash that this package uses. */
export interface NativeHash {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** The part of Node's diagnostics channels that this package uses. */
interface DiagnosticsChannels {
  subscribe(name: string, listener: (message: { readonly request: object }) => void): void;
}

/** The part of a `Response` that this package uses. */
export interface ResponseLike {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<unknown>;
}

interface MessagePort {
  onmessage?: (() => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

interface Console {
  error(...parts: unknown[]): void;
  warn(...parts: unknown[]): void;
}

/** The part of a `URL` that this package uses. */
export interface UrlLike {
  readonly href: string;
  readonly origin: string;
  readonly protocol: string;
  readonly host: string;
  readonly hostname: string;
  readonly pathname: string;
  readonly username: string;
  readonly password: string;
}

interface Host {
  readonly URL?: new (url: string, base?: string) => UrlLike;
  readonly URLSearchParams?: new (
    pairs: readonly (readonly [string, string])[],
  ) => { toString(): string };
  readonly AbortController?: new () => AbortControllerLike;
  readonly TextDecoder?: new (
    label: string,
    options: { ignoreBOM: boolean },
  ) => { decode(bytes: Uint8Array): string };
  readonly Buffer?: {
    readonly prototype: {
      /** Compares a range of this buffer (the last two offsets) with a range of another. */
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
  fetch?(
    url: string,
    init: {
      readonly method: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | Uint8Array;
      readonly signal: AbortSignalLike;
    },
  ): Promise<ResponseLike>;
  readonly performance?: { now(): number };
  readonly process?: {
    /** Loads a built-in module without an import (Node 20.16 and later). */
    readonly getBuiltinModule?: {
      (name: "node:crypto"): { createHash(algorithm: "sha256"): NativeHash } | undefined;
      (name: "node:diagnostics_channel"): DiagnosticsChannels | undefined;
    };
    /** Node's monotonic clock. */
    readonly hrtime?: { readonly bigint?: () => bigint };
    once?(event: "beforeExit", listener: () => void): unknown;
    off?(event: "beforeExit", listener: () => void): unknown;
  };
  readonly MessageChannel?: new () => {
    readonly port1: MessagePort;
    readonly port2: MessagePort;
  };
  readonly setImmediate?: (callback: () => void) => unknown;
  /** Only exists on Cloudflare Workers. */
  readonly WebSocketPair?: unknown;
  readonly setTimeout?: (callback: () => void, delayMs: number) => unknown;
  readonly clearTimeout?: (timer: unknown) => void;
}

/**
 * Returns the host's current globals. Read only those that are needed, because on Node the first access to `crypto`,
 * `performance` or `MessageChannel` loads a module, which takes half a millisecond or more.
 */
export function host(): Host {
  // The host determines which of these exist, so every member is optional and has a fallback.
  return globalThis as Host;
}

/** Parses a URL. Returns `null` if it is not one, or the host has no `URL`. */
export function parseUrl(text: string, base?: string): UrlLike | null {
  const { URL } = host();
  try {
    return URL === undefined ? null : new URL(text, base);
  } catch {
    return null; // `URL.canParse` does not exist in jsdom, in which test suites run
  }
}

/** Returns the server of an address for messages, without path, query or password. Accepts any string. */
export function serverOf(address: string, otherwise = "the host"): string {
  return parseUrl(address)?.origin ?? otherwise;
}

/** Encodes a name and a value of a query like a form. */
export function encodePair(name: string, value: string): string {
  const { URLSearchParams } = host();
  return URLSearchParams === undefined
    ? `${encodeURIComponent(name)}=${encodeURIComponent(value)}`
    : new URLSearchParams([[name, value]]).toString();
}

/** Returns a clock that never jumps, in ms since an arbitrary moment. */
export function hostMonotonicMs(): number {
  const nowNs = host().process?.hrtime?.bigint?.();
  if (nowNs !== undefined) return Number(nowNs) / 1e6;
  return host().performance?.now() ?? Date.now();
}

/**
 * Calls back after other work of the event loop. Avoids timers if possible, because a timer takes a millisecond or
 * more. Returns `false` if the host cannot call back, or refuses to.
 */
export function runAfterOthers(callback: () => void): boolean {
  try {
    return callAfterOthers(callback);
  } catch {
    return false;
  }
}

function callAfterOthers(callback: () => void): boolean {
  const { setImmediate } = host();
  if (setImmediate !== undefined) {
    setImmediate(callback);
    return true;
  }
  const { MessageChannel } = host();
  if (MessageChannel !== undefined) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      callback();
    };
    port2.postMessage(null);
    return true;
  }
  return host().setTimeout?.(callback, 0) !== undefined;
}

/**
 * Whether the host sets timers now. Isolates refuse timers, requests and random numbers while they load the program.
 */
export function setsTimers(): boolean {
  try {
    host().clearTimeout?.(host().setTimeout?.(() => {}, 0));
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether timers, requests and promises end with the request that created them, so that nothing runs in the background.
 */
export function endsWorkWithRequests(): boolean {
  return host().WebSocketPair !== undefined;
}

/** Creates an `AbortController` of the host, or of this package if the host has none. */
export function createAbortController(): AbortControllerLike {
  const { AbortController } = host();
  return AbortController === undefined ? createPlainController() : new AbortController();
}

/** Creates a minimal {@link AbortControllerLike}. */
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
 * Calls back once, when the process has no work left. On hosts without processes, it never calls back. Returns a
 * function that cancels it.
 */
export function onHostIdle(callback: () => void): () => void {
  const { process } = host();
  if (process?.once === undefined) return () => {};
  if (idle.size === 0) process.once("beforeExit", callIdle);
  idle.add(callback);
  return () => {
    idle.delete(callback);
    if (idle.size === 0) process.off?.("beforeExit", callIdle);
  };
}

const idle = new Set<() => void>();

/** One listener for all callbacks, because Node warns about more than ten listeners. */
function callIdle(): void {
  const callbacks = [...idle];
  idle.clear();
  for (const callback of callbacks) callback();
}

import type { ClientOptions } from "./options.js";
import type { PayloadFeed } from "./payload-feed.js";
import { hostsOf } from "./repository/user.js";

/** Node's `util.inspect`. */
type Inspect = (value: unknown, options: object) => string;

/** What `console.log` of an instance is made of. */
export interface Shown {
  readonly isDestroyed: boolean;
  /** Whether a payload was set, if only an empty one. */
  readonly isReady: boolean;
  readonly features: object | undefined;
  readonly options: Pick<ClientOptions, "apiHost" | "clientKey" | "source">;
  /** `null`: it has asked nobody for a payload yet. */
  readonly feed: PayloadFeed | null;
}

/**
 * Sets what `console.log` shows of the instances of a class. Declarations cannot name the symbol, so it is not a
 * method of the class.
 *
 * @param read - `null` for what is not an instance, such as the prototype itself.
 */
export function showInstances<T extends object>(
  prototype: T,
  name: string,
  read: (it: T) => Shown | null,
): void {
  function show(this: T, _depth: number, options: object, inspect: Inspect): unknown {
    const shown = read(this);
    return shown === null ? this : `${name} ${inspect(viewOf(shown), options)}`;
  }
  const symbol = Symbol.for("nodejs.util.inspect.custom");
  const hidden = { configurable: true, writable: true };
  Object.defineProperty(prototype, symbol, { ...hidden, value: show });
  // Fields have keys and users: what writes an instance as JSON must not.
  Object.defineProperty(prototype, "toJSON", { ...hidden, value: toJson });
}

function toJson(this: { readonly ready?: boolean; readonly version?: string }): object {
  return { ready: this.ready, version: this.version };
}

/** It has no key, nothing of a user, and of an address only the host. */
function viewOf(shown: Shown): object {
  const { features, feed, options } = shown;
  const setAtMs = feed?.setAtMs ?? null;
  return {
    state: stateOf(shown),
    features: Object.keys(features ?? {}).length,
    // Since the payload was set.
    ageMs: setAtMs === null ? null : Math.max(0, Date.now() - setAtMs),
    apiHost: options.clientKey && !options.source ? hostOf(hostsOf(options).apiHost) : null,
  };
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return "not a URL";
  }
}

function stateOf({ features, feed, isDestroyed, isReady }: Shown): string {
  if (isDestroyed) return "destroyed";
  if (isReady) return Object.keys(features ?? {}).length > 0 ? "ready" : "without features";
  return feed?.hasBegun ? "loading" : "not initialized";
}

import { inspectAs } from "@sortition/core/internal";
import { hostsOf } from "../source/user.js";
import type { ClientOptionsWithoutPlugins } from "./options.js";
import type { PayloadFeed } from "./payload-feed.js";

/** What is read of an instance, to show it by `console.log`. */
export interface Shown {
  readonly isDestroyed: boolean;
  /** Whether a payload was set, if only an empty one. */
  readonly isReady: boolean;
  readonly features: object | undefined;
  readonly options: Pick<ClientOptionsWithoutPlugins, "apiHost" | "clientKey" | "source">;
  /** `null` until a payload was requested. */
  readonly feed: PayloadFeed | null;
}

/**
 * Sets what `console.log` shows of the instances of a class, and what JSON has of them.
 *
 * @param read - `null` for what is not an instance, such as the prototype itself.
 */
export function showInstances<T extends object>(
  prototype: T,
  name: string,
  read: (it: T) => Shown | null,
): void {
  inspectAs(prototype, name, (it) => {
    const shown = read(it);
    return shown && viewOf(shown);
  });
  // Fields contain keys and users, which JSON of an instance must not.
  const value = { value: toJson, configurable: true, writable: true };
  Object.defineProperty(prototype, "toJSON", value);
}

function toJson(this: { readonly ready?: boolean; readonly version?: string }): object {
  return { ready: this.ready, version: this.version };
}

/** Contains no key and no user, and of an address the host alone. */
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

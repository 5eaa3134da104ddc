import { inspectAs, parseUrl } from "@sortition/core/internal";
import { hostsOf } from "../source/user.js";
import type { ClientOptionsWithoutPlugins } from "./options.js";
import type { PayloadFeed } from "./payload-feed.js";

/** The state of an instance that `console.log` shows. */
export interface Shown {
  readonly isDestroyed: boolean;
  /** Whether a payload was set, even an empty one. */
  readonly isReady: boolean;
  readonly features: object | undefined;
  readonly options: Pick<ClientOptionsWithoutPlugins, "apiHost" | "clientKey" | "source">;
  /** `null` until a payload was requested. */
  readonly feed: PayloadFeed | null;
}

/**
 * Defines how `console.log` and `JSON.stringify` show the instances of a class.
 *
 * @param read - returns `null` for anything but an instance, such as the prototype itself.
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
  // Fields contain keys and user data, which must not appear in JSON.
  const value = { value: toJson, configurable: true, writable: true };
  Object.defineProperty(prototype, "toJSON", value);
}

function toJson(this: { readonly ready?: boolean; readonly version?: string }): object {
  return { ready: this.ready, version: this.version };
}

/** Contains no key and no user data, and only the host of an address. */
function viewOf(shown: Shown): object {
  const { features, feed, options } = shown;
  const setAtMs = feed?.setAtMs ?? null;
  return {
    state: stateOf(shown),
    features: Object.keys(features ?? {}).length,
    // Time since the payload was set.
    ageMs: setAtMs === null ? null : Math.max(0, Date.now() - setAtMs),
    apiHost:
      options.clientKey && !options.source
        ? (parseUrl(hostsOf(options).apiHost)?.host ?? "not a URL")
        : null,
  };
}

function stateOf({ features, feed, isDestroyed, isReady }: Shown): string {
  if (isDestroyed) return "destroyed";
  if (isReady) return Object.keys(features ?? {}).length > 0 ? "ready" : "without features";
  return feed?.hasBegun ? "loading" : "not initialized";
}

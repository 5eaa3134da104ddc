import type { Diagnostics } from "@sortition/core";
import { replacedFetch } from "@sortition/node/internal";
import type { FetchOption } from "./requester.js";

/** Returns the `fetch` for the next request, or `null` to use our own transport. */
export type ChosenFetch = () => FetchOption | null;

/**
 * Returns the `fetch` of the options, or the global one while it is replaced, for example by a test suite. Our options
 * for proxies and dispatchers take precedence over the global one.
 */
export function chosenFetch(
  options: { readonly fetch?: FetchOption | undefined; proxy?: unknown; dispatcher?: unknown },
  diagnostics: Diagnostics,
): ChosenFetch {
  const { dispatcher, fetch, proxy } = options;
  if (fetch !== undefined) return () => fetch;
  if ((proxy ?? dispatcher) !== undefined) return () => null;
  let isReported = false;
  return () => {
    const replaced = replacedFetch();
    if (replaced === null) return null;
    if (!isReported) {
      isReported = true;
      diagnostics.debug("requests use the global fetch, which was replaced");
    }
    // A caching `fetch` would return outdated definitions.
    return ((url, given) => replaced(url, { ...given, cache: "no-store" })) as FetchOption; // compatible with the option's type
  };
}

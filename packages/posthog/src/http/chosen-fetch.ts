import type { Diagnostics } from "@sortition/core";
import { replacedFetch } from "@sortition/node/internal";
import type { FetchOption } from "./requester.js";

/** The `fetch` that sends the next request; `null`: our own transport does. */
export type ChosenFetch = () => FetchOption | null;

/**
 * That of the options, else the global one while it is replaced, by a test suite for example. An option of ours that says which
 * way requests go wins over the global one.
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
      diagnostics.debug("requests go by the global fetch, which was replaced");
    }
    // One that caches would answer with definitions of before.
    return ((url, given) => replaced(url, { ...given, cache: "no-store" })) as FetchOption; // as the option's
  };
}

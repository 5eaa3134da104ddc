import { OptionError, requireFunction } from "@sortition/core/internal";
import { type FetchLike, web } from "./web.js";

/**
 * The `fetch` of an option, or the platform's.
 *
 * @throws OptionError if there is none.
 */
export function fetchOf(given: FetchLike | undefined): FetchLike {
  requireFunction("fetch", given);
  if (given !== undefined) return given;
  if (typeof web().fetch !== "function") {
    throw new OptionError("fetch", "is missing, and this platform has none: give a function");
  }
  // Read late, and called as a function: a Worker refuses its `fetch` as a method of another object.
  return (url, init) => {
    const { fetch } = web();
    return (fetch as FetchLike)(url, init); // it was there
  };
}

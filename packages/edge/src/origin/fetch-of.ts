import { OptionError, requireFunction } from "@sortition/core/internal";
import { type FetchLike, web } from "./web.js";

/**
 * Returns the given `fetch`, or the platform's.
 *
 * @throws OptionError if the platform has none.
 */
export function fetchOf(given: FetchLike | undefined): FetchLike {
  requireFunction("fetch", given);
  if (given !== undefined) return given;
  if (typeof web().fetch !== "function") {
    throw new OptionError("fetch", "is missing, and this platform has none: pass a function");
  }
  // Looked up on each call, and called as a function, because Workers refuse `fetch` as a method of another object.
  return (url, init) => {
    const { fetch } = web();
    return (fetch as FetchLike)(url, init); // its presence was checked
  };
}

import { OptionError, requireFunction } from "@sortition/core/internal";
import { type FetchLike, web } from "./web.js";

/**
 * Reads the option `fetch`. Default: the platform's.
 *
 * @throws OptionError if the platform has none.
 */
export function readFetch(path: string, given: unknown): FetchLike {
  requireFunction(path, given);
  if (given !== undefined) return given as FetchLike;
  if (typeof web().fetch !== "function") {
    throw new OptionError(path, "is missing, and this platform has none: pass a function");
  }
  // Looked up on each call, and called as a function, because Workers refuse `fetch` as a method of another object.
  return (url, init) => {
    const { fetch } = web();
    return (fetch as FetchLike)(url, init); // its presence was checked
  };
}

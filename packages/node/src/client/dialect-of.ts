import type { ConfigurationSource, Dialect } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import type { ClientOptions } from "./options.js";

/**
 * Returns the `dialect` option. Falls back to `eppo()` if neither the source nor the initial
 * configuration has a dialect, or if the source has only Eppo's addresses, because that matches the
 * default of `Details`. Returns `undefined` if core's `createClient` should determine the dialect.
 */
export function dialectOf<Details extends object>(
  { dialect, initialConfiguration }: ClientOptions<Details>,
  source: ConfigurationSource | undefined,
): Dialect<Details> | undefined {
  if ((dialect ?? null) !== null) return dialect;
  const known = source?.dialect ?? initialConfiguration?.dialect ?? null;
  const isEppos = known === null || (known.name === "eppo" && !("compile" in known));
  return isEppos ? (eppo() as Dialect<object> as Dialect<Details>) : undefined;
}

import type { ConfigurationSource, Dialect } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import type { ClientOptions } from "./options.js";

/**
 * Returns the option, or `eppo()` where nothing else has a dialect, or the source has Eppo's addresses alone: that matches
 * the default of `Details`. `undefined`: core's `createClient` finds the dialect.
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

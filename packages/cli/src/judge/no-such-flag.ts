import { UsageError } from "../errors.js";
import { nearText } from "../near.js";

/** @param known - keys of the configuration, for a suggestion. */
export function noSuchFlag(flag: string, known: Iterable<string>): UsageError {
  const near = nearText(flag, known) || ": sortition inspect lists its flags";
  return new UsageError(`there is no flag ${JSON.stringify(flag)} in the configuration${near}`);
}

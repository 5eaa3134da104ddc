import type { Configuration } from "@sortition/core";
import { UsageError } from "../errors.js";
import { nearText } from "../near.js";

export function noSuchFlag(flag: string, { flagKeys }: Configuration): UsageError {
  const near = nearText(flag, flagKeys);
  return new UsageError(`there is no flag ${JSON.stringify(flag)} in the configuration${near}`);
}

import { type Clock, runInSlices } from "@sortition/core/internal";
import { referredCohortIds } from "../dialect/cohorts/references.js";

/** Ids by the bytes of flags, which stay the same between attempts. */
const found = new WeakMap<Uint8Array, readonly string[]>();

/**
 * Returns the ids of the cohorts that flags refer to. Returns none if the flags are unusable,
 * because the configuration is rejected when it is compiled.
 */
export async function referredCohorts(bytes: Uint8Array, clock: Clock): Promise<readonly string[]> {
  const known = found.get(bytes);
  if (known !== undefined) return known;
  const ids = await runInSlices(referredCohortIds(bytes), clock).catch(() => []);
  found.set(bytes, ids);
  return ids;
}

import { nearestName } from "@sortition/core/source";
import type { FacadeLog } from "./logging.js";

/**
 * Warns about options that do nothing. The vendor's SDK ignores them silently, so that a program which
 * moves here must go on running.
 *
 * @param owner - the option that contains these; absent: the options themselves.
 */
export function warnOfUnknownOptions(
  options: object,
  known: readonly string[],
  log: FacadeLog,
  owner?: string,
): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || known.includes(name)) continue;
    const nearest = nearestName(name, known, Math.floor(name.length / 3));
    const option = owner === undefined ? name : `${owner}.${name}`;
    const hint = nearest === null ? "" : `, did you mean "${nearest}"?`;
    log.warn(`[Experiment] unknown option "${option}"${hint}`);
  }
}

import { SortitionError } from "@sortition/core/internal";
import type { FleetStatus } from "@sortition/redis/status";
import { FileError, UsageError } from "../errors.js";
import type { RedisLibrary } from "./load-redis.js";
import type { RedisOptions } from "./options.js";

/**
 * Reads the state of a fleet.
 *
 * @throws UsageError for an invalid namespace or prefix, FileError if Redis is unreachable or unusable.
 */
export async function readStatus(
  { readFleetStatus }: RedisLibrary,
  { namespace, prefix, url }: RedisOptions,
): Promise<FleetStatus> {
  try {
    return await readFleetStatus({
      redis: url,
      namespace,
      ...(prefix === undefined ? {} : { prefix }),
    });
  } catch (error) {
    if (!(error instanceof SortitionError)) throw error;
    if (error.code === "SORTITION_OPTION") throw new UsageError(error.message);
    throw new FileError(`${hostOf(url)}: ${error.message} (${error.code})`);
  }
}

/** Returns the URL without user name and password. */
function hostOf(url: string): string {
  const { host, protocol } = new URL(url);
  return `${protocol}//${host}`;
}

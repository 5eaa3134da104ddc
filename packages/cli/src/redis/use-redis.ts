import { SortitionError } from "@sortition/core/internal";
import type { FleetStatus } from "@sortition/redis/status";
import { FileError, UsageError } from "../errors.js";
import type { RedisLibrary } from "./load-redis.js";
import type { MoveOptions, RedisOptions } from "./options.js";

/**
 * Reads the state of a fleet.
 *
 * @throws UsageError for an invalid namespace or prefix, FileError if Redis is unreachable or unusable.
 */
export function readStatus(
  { readFleetStatus }: RedisLibrary,
  { namespace, prefix, url }: RedisOptions,
): Promise<FleetStatus> {
  return withoutSecrets(url, readFleetStatus({ redis: url, namespace, prefix }));
}

/**
 * Moves the exposures of an outbox, and returns their number.
 *
 * @throws UsageError for an invalid name, or if a process delivers the outbox. FileError if Redis is unreachable or
 * unusable.
 */
export function move(
  { moveOutbox }: RedisLibrary,
  { namespace, outbox, prefix, toNamespace, toOutbox, url }: MoveOptions,
): Promise<number> {
  const from = { namespace, name: outbox };
  const to = { namespace: toNamespace, name: toOutbox };
  return withoutSecrets(url, moveOutbox({ redis: url, from, to, prefix }));
}

async function withoutSecrets<T>(url: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof SortitionError)) throw error;
    if (error.code === "SORTITION_OPTION") {
      throw new UsageError(error.message.replace(/^redis:/, "--url:"));
    }
    throw new FileError(`${hostOf(url)}: ${error.message} (${error.code})`);
  }
}

/** Returns the URL without user name and password. */
function hostOf(url: string): string {
  const { host, protocol } = new URL(url);
  return `${protocol}//${host}`;
}

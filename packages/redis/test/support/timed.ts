import type { FleetTimingOptions, RedisFleetOptions } from "../../src/options/options.js";

const NAMES = ["leaseMs", "tickMs", "claimMs", "directAfterMs", "overdueAfterMs"] as const;

/** Moves the timings of a test, which are in one list, to where `redis()` expects them. */
export function timed<Options extends Partial<RedisFleetOptions> & FleetTimingOptions>(
  options: Options,
): Omit<Options, (typeof NAMES)[number]> {
  const timings: Record<string, number | undefined> = {};
  const rest = { ...options };
  for (const name of NAMES) {
    if (rest[name] !== undefined) timings[name] = rest[name];
    delete rest[name];
  }
  return { ...rest, timings: { ...timings, ...options.timings } };
}

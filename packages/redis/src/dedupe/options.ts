import { integerOption, OptionError, rejectUnknownOptions } from "@sortition/core/source";

/** Options of `fleet.dedupe`. */
export interface DedupeOptions {
  /** The name of this logger in results, counters and diagnostics. Default: `dedupe`. */
  readonly name?: string | undefined;
  /** How long an exposure that was logged is not logged again. Default: 24 hours. */
  readonly ttlMs?: number | undefined;
  /** Exposures that wait for Redis; further ones are logged without asking it. Default: 10 000. */
  readonly maxPending?: number | undefined;
  /** Exposures of one pipeline. Default: 200. */
  readonly batchSize?: number | undefined;
  /** Fewer exposures are sent after this time. Default: 50. */
  readonly flushMs?: number | undefined;
  /**
   * How long an exposure is blocked for others while this process hands it over. If the process dies
   * then, another one logs the exposure after this time. Default: 60 000.
   */
  readonly claimMs?: number | undefined;
}

/** The options with their defaults. */
export interface DedupeSettings {
  readonly name: string;
  readonly ttlMs: number;
  readonly maxPending: number;
  readonly batchSize: number;
  readonly flushMs: number;
  readonly claimMs: number;
}

const NAMES = ["name", "ttlMs", "maxPending", "batchSize", "flushMs", "claimMs"];
const DAY_MS = 86_400_000;

/**
 * Checks the options.
 *
 * @throws OptionError for an unknown option or a bad value.
 */
export function dedupeSettings(options: DedupeOptions = {}): DedupeSettings {
  rejectUnknownOptions(options, NAMES, "dedupe");
  const { name = "dedupe" } = options;
  if (typeof name !== "string" || name === "") {
    throw new OptionError("dedupe.name", "expected a non-empty string");
  }
  const integer = (
    option: Exclude<keyof DedupeOptions, "name">,
    [min, max]: readonly [number, number],
    fallback: number,
  ): number => integerOption(`dedupe.${option}`, options[option], { min, max }, fallback);
  return {
    name,
    ttlMs: integer("ttlMs", [1, 366 * DAY_MS], DAY_MS),
    maxPending: integer("maxPending", [1, 1_000_000], 10_000),
    batchSize: integer("batchSize", [1, 1_000], 200),
    flushMs: integer("flushMs", [1, 60_000], 50),
    claimMs: integer("claimMs", [100, DAY_MS], 60_000),
  };
}

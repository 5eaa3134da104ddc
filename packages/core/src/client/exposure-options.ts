import type { OverflowPolicy } from "../delivery/bounded-queue.js";
import type { DeduplicationStore } from "../delivery/deduplication-store.js";
import type { DeduplicationPolicy } from "../delivery/deduplicator.js";
import { OptionError } from "../errors/errors.js";
import {
  booleanOption,
  integerOptions,
  MAX_DELAY_MS,
  rejectUnknownOptions,
  requireMethods,
} from "../errors/option-checks.js";
import { DEFAULT_LIMITS, type LoggerQueueLimits } from "../events/logger-queue.js";

/** Deduplication of events. */
export interface DeduplicationOptions {
  /**
   * Assignments; default: the last 50 000 (subject, flag) pairs. `false`: log every one. A store of your
   * own may be shared by several clients.
   */
  readonly assignments?: DeduplicationPolicy | DeduplicationStore | false;
  /** Bandit choices; default: the last 50 000 for 10 minutes. `false`: log every one. */
  readonly bandits?: DeduplicationPolicy | DeduplicationStore | false;
}

/** Creation of events, and delivery to each logger. */
export interface ExposureOptions {
  /** Whether every event has the evaluation details, also without a details getter. Default: false. */
  readonly includeEvaluationDetails?: boolean;
  /** Promises of one logger awaited at a time; further events wait in its queue. Default: 16. */
  readonly maxConcurrent?: number;
  /** Maximum number of events that wait for one logger. Default: 10 000. */
  readonly maxQueueEvents?: number;
  /** Maximum estimated size of the events that wait for one logger. Default: 8 MiB. */
  readonly maxQueueBytes?: number;
  /** What to drop when a queue is full. Default: `drop-newest`, which keeps first exposures. */
  readonly overflow?: OverflowPolicy;
  /** Time after which a pending promise of a logger counts as failed, ms. Default: 10 000. */
  readonly loggerTimeoutMs?: number;
}

/** {@link ExposureOptions} with their defaults, checked. */
export interface CheckedExposureOptions extends LoggerQueueLimits {
  readonly includeEvaluationDetails: boolean;
}

/** {@link DeduplicationOptions} with their defaults, checked; `null`: off. */
export interface CheckedDeduplication {
  readonly assignments: DeduplicationPolicy | DeduplicationStore | null;
  readonly bandits: DeduplicationPolicy | DeduplicationStore | null;
}

/** Of a client without such options. Not spread: what is spread, bundlers keep for who does not use it. */
export const DEFAULT_EXPOSURES: CheckedExposureOptions = /* @__PURE__ */ Object.assign(
  { includeEvaluationDetails: false },
  DEFAULT_LIMITS,
);
/** Of a client without such options. */
export const DEFAULT_DEDUPLICATION: CheckedDeduplication = {
  assignments: { max: 50_000 },
  bandits: { max: 50_000, ttlMs: 600_000 },
};
const STORE_METHODS = ["has", "reserve", "confirm", "release"] as const;

/** @throws OptionError that names the option. */
export function checkExposures(options: ExposureOptions): CheckedExposureOptions {
  rejectUnknownOptions(options, Object.keys(DEFAULT_EXPOSURES), "exposures");
  const { overflow = DEFAULT_EXPOSURES.overflow } = options;
  if (overflow !== "drop-newest" && overflow !== "drop-oldest") {
    throw new OptionError("exposures.overflow", "expected drop-newest or drop-oldest");
  }
  const rules = {
    maxConcurrent: [1, Number.MAX_SAFE_INTEGER, DEFAULT_LIMITS.maxConcurrent],
    maxQueueEvents: [1, Number.MAX_SAFE_INTEGER, DEFAULT_LIMITS.maxQueueEvents],
    maxQueueBytes: [1, Number.MAX_SAFE_INTEGER, DEFAULT_LIMITS.maxQueueBytes],
    loggerTimeoutMs: [1, MAX_DELAY_MS, DEFAULT_LIMITS.loggerTimeoutMs],
  } as const;
  return {
    includeEvaluationDetails: booleanOption(
      "exposures.includeEvaluationDetails",
      options.includeEvaluationDetails,
      DEFAULT_EXPOSURES.includeEvaluationDetails,
    ),
    ...integerOptions(options, rules, "exposures"),
    overflow,
  };
}

/** @throws OptionError that names the option. */
export function checkDeduplication(options: DeduplicationOptions | false): CheckedDeduplication {
  if (options === false) return { assignments: null, bandits: null };
  rejectUnknownOptions(options, ["assignments", "bandits"], "deduplication");
  return {
    assignments: checkMemory("assignments", options.assignments),
    bandits: checkMemory("bandits", options.bandits),
  };
}

/**
 * Only the members that are given.
 *
 * @throws OptionError that names the option.
 */
export function checkChanges(options: DeduplicationOptions): Partial<CheckedDeduplication> {
  const { assignments, bandits } = checkDeduplication(options);
  return {
    ...(options.assignments === undefined ? {} : { assignments }),
    ...(options.bandits === undefined ? {} : { bandits }),
  };
}

function checkMemory(
  name: keyof CheckedDeduplication,
  memory: DeduplicationPolicy | DeduplicationStore | false | undefined,
): DeduplicationPolicy | DeduplicationStore | null {
  if (memory === undefined) return DEFAULT_DEDUPLICATION[name];
  if (memory === false) return null;
  const option = `deduplication.${name}`;
  if (isStore(memory)) {
    requireMethods(option, memory, STORE_METHODS);
    return memory;
  }
  rejectUnknownOptions(memory, ["max", "maxBytes", "ttlMs", "rule"], option);
  const { max, maxBytes, rule = "last", ttlMs } = memory;
  if (!isLimit(max, 0)) throw new OptionError(`${option}.max`, "expected an integer of at least 0");
  if (maxBytes !== undefined && !isLimit(maxBytes, 1)) {
    throw new OptionError(`${option}.maxBytes`, "expected an integer of at least 1");
  }
  if (ttlMs !== undefined && !(typeof ttlMs === "number" && ttlMs >= 1)) {
    throw new OptionError(`${option}.ttlMs`, "expected at least 1");
  }
  if (rule !== "last" && rule !== "set") {
    throw new OptionError(`${option}.rule`, "expected last or set");
  }
  return memory;
}

/** An integer of at least `min`, or `Infinity`. */
function isLimit(limit: number, min: number): boolean {
  return limit === Number.POSITIVE_INFINITY || (Number.isInteger(limit) && limit >= min);
}

/** A policy consists of data, a store of methods. */
export function isStore(
  memory: DeduplicationPolicy | DeduplicationStore,
): memory is DeduplicationStore {
  return typeof memory === "object" && memory !== null && "has" in memory;
}

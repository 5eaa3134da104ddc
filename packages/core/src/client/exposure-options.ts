import type { OverflowPolicy } from "../delivery/bounded-queue.js";
import type { DeduplicationStore } from "../delivery/deduplication-store.js";
import type { DeduplicationPolicy } from "../delivery/deduplicator.js";
import { OptionError } from "../errors/errors.js";
import {
  explainedOn,
  hintsOn,
  MAX_DELAY_MS,
  rejectUnknownOptions,
  requireMethods,
} from "../errors/option-checks.js";
import { boolean, integer, oneOf, type Readers, readOptions } from "../errors/read-options.js";
import { DEFAULT_LIMITS, type LoggerQueueLimits } from "../events/logger-queue.js";

/** Deduplication of events. */
export interface DeduplicationOptions {
  /**
   * Deduplication of assignments. `false`: log every assignment. Several clients may share your own store. Default: the
   * last 50,000 pairs of subject and flag.
   */
  readonly assignments?: DeduplicationPolicy | DeduplicationStore | false | undefined;
  /** Deduplication of bandit actions. `false`: log every action. Default: the last 50,000, for 10 minutes. */
  readonly bandits?: DeduplicationPolicy | DeduplicationStore | false | undefined;
}

/** Creation of events, and delivery to each logger. */
export interface ExposureOptions {
  /** Whether events contain evaluation details even if no details getter was called. Default: false. */
  readonly includeEvaluationDetails?: boolean | undefined;
  /** Maximum number of pending promises of a logger. Further events wait in its queue. Default: 16. */
  readonly maxConcurrent?: number | undefined;
  /** Maximum number of events that wait for a logger. Default: 10,000. */
  readonly maxQueueEvents?: number | undefined;
  /** Maximum estimated size of the events that wait for a logger. Default: 8 MiB. */
  readonly maxQueueBytes?: number | undefined;
  /** What to drop when a queue is full. Default: `drop-newest`, which keeps first exposures. */
  readonly overflow?: OverflowPolicy | undefined;
  /** Time after which a pending promise of a logger is treated as failed, ms. Default: 10,000. */
  readonly loggerTimeoutMs?: number | undefined;
}

/** Checked {@link ExposureOptions}, with defaults. */
export interface CheckedExposureOptions extends LoggerQueueLimits {
  readonly includeEvaluationDetails: boolean;
}

/** Checked {@link DeduplicationOptions}, with defaults. `null`: off. */
export interface CheckedDeduplication {
  readonly assignments: DeduplicationPolicy | DeduplicationStore | null;
  readonly bandits: DeduplicationPolicy | DeduplicationStore | null;
}

/**
 * Defaults for a client without these options. No spread here, because bundlers would keep the spread members even if
 * nobody imports them.
 */
export const DEFAULT_EXPOSURES: CheckedExposureOptions = /* @__PURE__ */ Object.assign(
  { includeEvaluationDetails: false },
  DEFAULT_LIMITS,
);
/** Defaults for a client without these options. */
export const DEFAULT_DEDUPLICATION: CheckedDeduplication = {
  assignments: { max: 50_000 },
  bandits: { max: 50_000, ttlMs: 600_000 },
};
const STORE_METHODS = ["has", "reserve", "confirm", "release"] as const;

const POLICY = "belongs to a kind of event: write deduplication: { assignments: { max, ttlMs } }";
const NAMES = { max: POLICY, ttlMs: POLICY, maxBytes: POLICY, rule: POLICY };

const EXPOSURES = () =>
  ({
    includeEvaluationDetails: boolean(false),
    maxConcurrent: integer(1, Number.MAX_SAFE_INTEGER, DEFAULT_LIMITS.maxConcurrent),
    maxQueueEvents: integer(1, Number.MAX_SAFE_INTEGER, DEFAULT_LIMITS.maxQueueEvents),
    maxQueueBytes: integer(1, Number.MAX_SAFE_INTEGER, DEFAULT_LIMITS.maxQueueBytes),
    overflow: oneOf<OverflowPolicy>(["drop-newest", "drop-oldest"], DEFAULT_LIMITS.overflow),
    loggerTimeoutMs: integer(1, MAX_DELAY_MS, DEFAULT_LIMITS.loggerTimeoutMs),
  }) satisfies Readers<ExposureOptions>;

const IMMEDIATE = "not needed: events go to your logger immediately";
const EXPOSURE_NAMES = {
  maxQueueSize: "use maxQueueEvents",
  queueSize: "use maxQueueEvents",
  maxEvents: "use maxQueueEvents",
  flushInterval: IMMEDIATE,
  flushIntervalMs: IMMEDIATE,
  flushAt: IMMEDIATE,
  batchSize: IMMEDIATE,
};

/** @throws OptionError that names the option. */
export function checkExposures(options: ExposureOptions): CheckedExposureOptions {
  if (typeof options === "string") {
    throw new OptionError(
      "exposures",
      'expected an object, got a string: write client.forSubject({ subjectKey, attributes, exposures: "on-show" })',
    );
  }
  return readOptions(EXPOSURES(), options, "exposures", () => ({
    ...hintsOn("/reference/client.md"),
    names: EXPOSURE_NAMES,
  }));
}

/** @throws OptionError that names the option. */
export function checkDeduplication(options: DeduplicationOptions | false): CheckedDeduplication {
  if (options === false) return { assignments: null, bandits: null };
  rejectUnknownOptions(options, ["assignments", "bandits"], "deduplication", () => ({
    ...hintsOn("/reference/client.md"),
    names: NAMES,
  }));
  return {
    assignments: checkMemory("assignments", options.assignments),
    bandits: checkMemory("bandits", options.bandits),
  };
}

/**
 * Checks only the given members.
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
    requireMethods(option, memory, STORE_METHODS, ", or { max, ttlMs }");
    return memory;
  }
  rejectUnknownOptions(
    memory,
    ["max", "maxBytes", "ttlMs", "rule"],
    option,
    explainedOn("/reference/client.md"),
  );
  const { max, maxBytes, rule = "last", ttlMs } = memory;
  if (!isLimit(max, 0))
    throw new OptionError(`${option}.max`, "expected an integer of at least 0, such as 50_000");
  if (maxBytes !== undefined && !isLimit(maxBytes, 1)) {
    throw new OptionError(`${option}.maxBytes`, "expected an integer of at least 1");
  }
  if (ttlMs !== undefined && !(typeof ttlMs === "number" && ttlMs >= 1)) {
    throw new OptionError(`${option}.ttlMs`, "expected a number of at least 1, in milliseconds");
  }
  if (rule !== "last" && rule !== "set") {
    throw new OptionError(`${option}.rule`, 'expected "last" or "set"');
  }
  return memory;
}

/** Whether a limit is an integer of at least `min`, or `Infinity`. */
function isLimit(limit: number, min: number): boolean {
  return limit === Number.POSITIVE_INFINITY || (Number.isInteger(limit) && limit >= min);
}

/** Whether the option is a store, which has methods, and not a policy, which is data. */
export function isStore(
  memory: DeduplicationPolicy | DeduplicationStore,
): memory is DeduplicationStore {
  return typeof memory === "object" && memory !== null && "has" in memory;
}

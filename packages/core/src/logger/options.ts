import { OptionError } from "../errors/errors.js";
import {
  booleanOption,
  integerOption,
  rejectUnknownOptions,
  requireFunction,
  requireMethods,
} from "../errors/option-checks.js";
import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";
import { type Clock, createClock } from "../runtime/clock.js";
import { consoleDiagnostics, type Diagnostics, limitDiagnostics } from "../runtime/diagnostics.js";
import { hostRandom, type Random } from "../runtime/random.js";
import type { OverflowPolicy } from "./ring-buffer.js";
import type { SubjectAttributeChoice } from "./subject-attributes.js";

/** Where an error of a logger occurred. */
export type LoggerErrorStage = "prepare" | "open" | "send" | "deliver" | "flush" | "close";

/** What an error of a logger is about. */
export interface LoggerErrorContext {
  readonly stage: LoggerErrorStage;
  /** The event that failed, if it is about one. */
  readonly event?: AssignmentEvent | BanditEvent;
}

/** What all loggers for analytics libraries take. */
export interface BufferedLoggerOptions {
  /** How results and diagnostics name it. */
  readonly name?: string | undefined;
  /** Attributes may be personal data. All of them unless told. */
  readonly includeSubjectAttributes?: SubjectAttributeChoice | undefined;
  /** UTF-8 bytes of an event as JSON, 32 000 unless given; over it, the subject's attributes are left out, then the event is dropped. */
  readonly maxEventBytes?: number | undefined;
  /** Events that may wait, 10 000 unless given. */
  readonly maxBuffered?: number | undefined;
  /** `drop-newest` unless given: first exposures are worth more. */
  readonly overflow?: OverflowPolicy | undefined;
  /** Delivers what is there when the process runs out of work. True unless the vendor's instance is yours. */
  readonly flushOnExit?: boolean | undefined;
  /** Is told each failure; unless given, they go to the diagnostics. */
  readonly onError?: ((error: unknown, context: LoggerErrorContext) => void) | undefined;
  readonly diagnostics?: Diagnostics | undefined;
  /** Parts of a clock; what is missing is real. */
  readonly clock?: Partial<Clock> | undefined;
  /** For jitter. */
  readonly random?: Random | undefined;
}

/** Options with their defaults. */
export interface ResolvedLoggerOptions {
  readonly name: string;
  readonly includeSubjectAttributes: SubjectAttributeChoice;
  readonly maxEventBytes: number;
  readonly maxBuffered: number;
  readonly overflow: OverflowPolicy;
  readonly flushOnExit: boolean;
  /** Absent: failures go to the diagnostics. */
  readonly onError: ((error: unknown, context: LoggerErrorContext) => void) | undefined;
  readonly diagnostics: Diagnostics;
  readonly clock: Clock;
  readonly random: Random;
}

const NAMES: readonly (keyof BufferedLoggerOptions)[] = [
  "name",
  "includeSubjectAttributes",
  "maxEventBytes",
  "maxBuffered",
  "overflow",
  "flushOnExit",
  "onError",
  "diagnostics",
  "clock",
  "random",
];
const OVERFLOW_POLICIES: readonly OverflowPolicy[] = ["drop-newest", "drop-oldest"];

/**
 * Checks the common options, fills in their defaults, and refuses names that nobody knows.
 *
 * @param vendorNames - options of the one logger that asks.
 * @param defaults - its name, and whether it makes the vendor's instance.
 * @throws {OptionError} for a name or a value that cannot be right.
 */
export function resolveLoggerOptions(
  options: BufferedLoggerOptions,
  vendorNames: readonly string[],
  defaults: { readonly name: string; readonly owned: boolean },
): ResolvedLoggerOptions {
  rejectUnknownOptions(options, [...NAMES, ...vendorNames]);
  const { includeSubjectAttributes = true, overflow = "drop-newest", onError } = options;
  requireFunction("onError", onError);
  requireFunction("random", options.random);
  requireMethods("diagnostics", options.diagnostics, ["debug", "info", "warn", "error"]);
  if (!OVERFLOW_POLICIES.includes(overflow)) {
    throw new OptionError("overflow", `expected ${OVERFLOW_POLICIES.join(" or ")}`);
  }
  if (!["boolean", "function"].includes(typeof includeSubjectAttributes)) {
    requireMethods("includeSubjectAttributes", includeSubjectAttributes, ["includes"]);
  }
  const clock = createClock(options.clock);
  return {
    name: options.name ?? defaults.name,
    includeSubjectAttributes,
    maxEventBytes: integerOption(
      "maxEventBytes",
      options.maxEventBytes,
      { min: 1_000, max: 1_000_000 },
      32_000,
    ),
    maxBuffered: integerOption(
      "maxBuffered",
      options.maxBuffered,
      { min: 1, max: 1_000_000 },
      10_000,
    ),
    overflow,
    flushOnExit: booleanOption("flushOnExit", options.flushOnExit, defaults.owned),
    onError,
    diagnostics: limitDiagnostics(options.diagnostics ?? consoleDiagnostics(), clock),
    clock,
    random: options.random ?? hostRandom,
  };
}

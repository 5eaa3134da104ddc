import type { OverflowPolicy } from "../delivery/bounded-queue.js";
import { OptionError } from "../errors/errors.js";
import {
  booleanOption,
  integerOptions,
  rejectUnknownOptions,
  requireFunction,
  requireMethods,
  requireString,
} from "../errors/option-checks.js";
import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";
import { type Clock, createClock } from "../runtime/clock.js";
import { consoleDiagnostics, type Diagnostics, limitDiagnostics } from "../runtime/diagnostics.js";
import { draw, hostRandom, type Random } from "../runtime/random.js";
import type { LoggerDedupe } from "./event-id.js";
import type { SubjectAttributeChoice } from "./subject-attributes.js";

/** Stage in which an error occurred. */
export type LoggerErrorStage = "prepare" | "open" | "send" | "deliver" | "flush" | "close";

/** Context of a logger's error. */
export interface LoggerErrorContext {
  readonly stage: LoggerErrorStage;
  /** The event that failed, as plain JSON. Absent if the error does not concern a single event. */
  readonly event?: AssignmentEvent | BanditEvent;
}

/** Options of all loggers for analytics libraries. */
export interface BufferedLoggerOptions {
  /** Logger name in results, counters and diagnostics. */
  readonly name?: string | undefined;
  /** Which of the subject's attributes are sent. They may be personal data. Default: all. */
  readonly includeSubjectAttributes?: SubjectAttributeChoice | undefined;
  /** Which events have the same ID, so that the vendor keeps only one of them. Default: `event`. */
  readonly dedupe?: LoggerDedupe | undefined;
  /**
   * Maximum UTF-8 bytes of an event as JSON. A larger event is sent without the subject's attributes, or
   * dropped if it is still too large. Default: 32,000.
   */
  readonly maxEventBytes?: number | undefined;
  /** Maximum number of undelivered events that the logger holds. Default: 10,000. */
  readonly maxBuffered?: number | undefined;
  /** Maximum estimated size of the undelivered events that the logger holds. Default: 32 MiB. */
  readonly maxBufferedBytes?: number | undefined;
  /** Which event a full buffer drops. Default: `drop-newest`, which keeps first exposures. */
  readonly overflow?: OverflowPolicy | undefined;
  /**
   * Whether buffered events are delivered when the process runs out of work. Default: true if the
   * logger creates the vendor's instance, otherwise false.
   */
  readonly flushOnExit?: boolean | undefined;
  /** Called with each failure. Default: failures are reported to `diagnostics`. */
  readonly onError?: ((error: unknown, context: LoggerErrorContext) => void) | undefined;
  readonly diagnostics?: Diagnostics | undefined;
  /** Parts of the clock to replace, for tests. */
  readonly clock?: Partial<Clock> | undefined;
  /** Random numbers for jitter. */
  readonly random?: Random | undefined;
}

/** The options with their defaults. */
export interface ResolvedLoggerOptions {
  readonly name: string;
  /** Whether the logger creates, and therefore closes, the vendor's instance. */
  readonly owned: boolean;
  readonly includeSubjectAttributes: SubjectAttributeChoice;
  readonly dedupe: LoggerDedupe;
  readonly maxEventBytes: number;
  readonly maxBuffered: number;
  readonly maxBufferedBytes: number;
  readonly overflow: OverflowPolicy;
  readonly flushOnExit: boolean;
  /** If absent, failures are reported to `diagnostics`. */
  readonly onError: ((error: unknown, context: LoggerErrorContext) => void) | undefined;
  readonly diagnostics: Diagnostics;
  readonly clock: Clock;
  readonly random: Random;
}

const NAMES: readonly (keyof BufferedLoggerOptions)[] = [
  "name",
  "includeSubjectAttributes",
  "dedupe",
  "maxEventBytes",
  "maxBuffered",
  "maxBufferedBytes",
  "overflow",
  "flushOnExit",
  "onError",
  "diagnostics",
  "clock",
  "random",
];
const RULES = {
  maxEventBytes: [1_000, 1_000_000, 32_000],
  maxBuffered: [1, 1_000_000, 10_000],
  maxBufferedBytes: [1_000, Number.MAX_SAFE_INTEGER, 32 * 1024 * 1024],
} as const;
const OVERFLOW_POLICIES: readonly OverflowPolicy[] = ["drop-newest", "drop-oldest"];
const DEDUPES: readonly LoggerDedupe[] = ["event", "day", "assignment"];

/**
 * Checks the common options, fills in their defaults, and rejects unknown names.
 *
 * @param vendorNames - names of the options that only this logger has.
 * @param defaults - the logger's name, and whether it creates the vendor's instance.
 * @throws {OptionError} for an unknown name or a bad value.
 */
export function resolveLoggerOptions(
  options: BufferedLoggerOptions,
  vendorNames: readonly string[],
  defaults: { readonly name: string; readonly owned: boolean },
): ResolvedLoggerOptions {
  rejectUnknownOptions(options, [...NAMES, ...vendorNames]);
  const { dedupe = "event", includeSubjectAttributes = true, onError } = options;
  const { overflow = "drop-newest" } = options;
  if (options.name !== undefined) {
    requireString("name", options.name, "expected a non-empty string");
  }
  requireFunction("onError", onError);
  requireFunction("random", options.random);
  requireMethods("diagnostics", options.diagnostics, ["debug", "info", "warn", "error"]);
  requireOneOf("overflow", overflow, OVERFLOW_POLICIES);
  requireOneOf("dedupe", dedupe, DEDUPES);
  if (!["boolean", "function"].includes(typeof includeSubjectAttributes)) {
    requireMethods("includeSubjectAttributes", includeSubjectAttributes, ["includes"]);
  }
  const clock = createClock(options.clock);
  const { random = hostRandom } = options;
  return {
    name: options.name ?? defaults.name,
    owned: defaults.owned,
    includeSubjectAttributes,
    dedupe,
    ...integerOptions(options, RULES),
    overflow,
    flushOnExit: booleanOption("flushOnExit", options.flushOnExit, defaults.owned),
    onError,
    diagnostics: limitDiagnostics(options.diagnostics ?? consoleDiagnostics(), clock),
    clock,
    random: () => draw(random),
  };
}

function requireOneOf(name: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw new OptionError(name, `expected ${known.join(" or ")}`);
}

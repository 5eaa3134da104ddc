import type { OverflowPolicy } from "../delivery/bounded-queue.js";
import {
  booleanOption,
  hintsOn,
  type OptionHints,
  requireMethods,
} from "../errors/option-checks.js";
import {
  callback,
  integer,
  oneOf,
  type Read,
  type Readers,
  readOptions,
  string,
} from "../errors/read-options.js";
import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";
import type { Clock } from "../runtime/clock.js";
import { consoleDiagnostics, type Diagnostics, limitDiagnostics } from "../runtime/diagnostics.js";
import { draw, hostRandom, type Random } from "../runtime/random.js";
import { readClock } from "../runtime/read-clock.js";
import { readDiagnostics } from "../runtime/read-diagnostics.js";
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
  /**
   * Which of the subject's attributes are sent: `true`, `false`, a list of names, or a function that returns them.
   * Attributes may be personal data. Default: `true`.
   */
  readonly includeSubjectAttributes?: SubjectAttributeChoice | undefined;
  /**
   * Which events have the same ID, so that the service can keep only one of them: repeated sends of one `event`; the
   * same assignment within a `day` (UTC); the same `assignment` at any time. The last two also merge events of
   * several workers. Default: `event`.
   */
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
  /** Which events a full buffer drops, `drop-newest` or `drop-oldest`. Default: `drop-newest`. */
  readonly overflow?: OverflowPolicy | undefined;
  /**
   * Whether buffered events are delivered, within 2 s, when the process runs out of work. Default: `true`, or
   * `false` with your own instance.
   */
  readonly flushOnExit?: boolean | undefined;
  /** Called with each failure as `(error, { stage, event })`. Default: `diagnostics` receives them. */
  readonly onError?: ((error: unknown, context: LoggerErrorContext) => void) | undefined;
  /** Receives warnings and errors. Default: stderr. */
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

/** The options of a logger that sends its own requests, with their defaults. */
export type OwnedSettings<Options> = Pick<ResolvedLoggerOptions, "clock"> & {
  readonly [Name in keyof Options]-?: NonNullable<Options[Name]>;
};

const READERS = () =>
  ({
    name: string(undefined),
    includeSubjectAttributes: readChoice,
    dedupe: oneOf<LoggerDedupe>(["event", "day", "assignment"], "event"),
    maxEventBytes: integer(1_000, 1_000_000, 32_000),
    maxBuffered: integer(1, 1_000_000, 10_000),
    maxBufferedBytes: integer(1_000, Number.MAX_SAFE_INTEGER, 32 * 1024 * 1024),
    overflow: oneOf<OverflowPolicy>(["drop-newest", "drop-oldest"], "drop-newest"),
    flushOnExit: (path, value) =>
      value === undefined ? undefined : booleanOption(path, value, false),
    onError: callback<ResolvedLoggerOptions["onError"]>(),
    diagnostics: readDiagnostics,
    clock: readClock,
    random: callback<Random>(),
  }) satisfies Readers<BufferedLoggerOptions>;

type Common = Read<ReturnType<typeof READERS>>;

const HINTS: OptionHints = /* @__PURE__ */ hintsOn("/guides/logging-exposures.md");

/** With your own instance, the logger does not connect. */
const BORROWED: OptionHints["names"] = {
  writeKey: "belongs to your own instance",
  dataPlaneUrl: "belongs to your own instance",
  endpoint: "belongs to your own instance",
  appId: "belongs to your own instance",
};

/**
 * Reads all options of a logger.
 *
 * @param readers - of the options that only this logger has.
 * @param defaults - the logger's name, and whether it creates the vendor's instance.
 * @throws {OptionError} for an unknown name or a bad value.
 */
export function resolveLoggerOptions<Table extends Readers<unknown>>(
  options: BufferedLoggerOptions,
  readers: Table,
  defaults: { readonly name: string; readonly owned: boolean },
): ResolvedLoggerOptions & Read<Table> {
  const hints = defaults.owned ? HINTS : { ...HINTS, names: BORROWED };
  const all = readOptions<Readers<unknown>>(
    { ...READERS(), ...readers },
    options,
    undefined,
    () => hints,
  ) as Read<Table>;
  const { name, flushOnExit, diagnostics, random = hostRandom, ...read } = all as Common;
  return {
    ...all,
    ...read,
    name: name ?? defaults.name,
    owned: defaults.owned,
    flushOnExit: flushOnExit ?? defaults.owned,
    diagnostics: limitDiagnostics(diagnostics ?? consoleDiagnostics(), read.clock),
    random: () => draw(random),
  };
}

function readChoice(path: string, value: unknown = true): SubjectAttributeChoice {
  if (!["boolean", "function"].includes(typeof value))
    requireMethods(path, value, ["includes"], ', such as ["country", "plan"]');
  return value as SubjectAttributeChoice;
}

import { createFakeClock, type FakeClock } from "@sortition/test-kit";
import type { AssignmentLogger } from "../../src/delivery/assignment-logger.js";
import { Deduplicator } from "../../src/delivery/deduplicator.js";
import type { LoggerSlot } from "../../src/events/dispatcher.js";
import type { ExposuresDropped } from "../../src/events/drop-reports.js";
import type { ExposureContext } from "../../src/events/exposure-context.js";
import type { ExposureOutcome } from "../../src/events/exposure-outcome.js";
import { Exposures } from "../../src/events/exposures.js";
import type { LoggerCounters } from "../../src/events/logger-book.js";
import { DEFAULT_LIMITS, type LoggerQueueLimits } from "../../src/events/logger-queue.js";
import type { Configuration } from "../../src/model/configuration.js";
import type {
  AssignmentEvent,
  BanditChoice,
  EventMetadata,
  ExposureBase,
} from "../../src/model/exposure.js";
import type { Diagnostics, Facts } from "../../src/runtime/diagnostics.js";

const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
export const METADATA: EventMetadata = {
  sdkLanguage: "javascript",
  sdkName: "sdk",
  sdkLibVersion: "1",
};
// No other member is read.
const configuration = {
  eventFields: { assignment: { format: "SERVER" }, metaData: {} },
} as Partial<Configuration> as Configuration;

export function baseOf(overrides: Partial<ExposureBase> = {}): ExposureBase {
  return {
    experiment: null,
    featureFlag: "checkout",
    allocation: "all",
    variation: "on",
    extraLogging: {},
    eventFields: { entityId: null },
    ...overrides,
  };
}

export function choiceOf(overrides: Partial<BanditChoice> = {}): BanditChoice {
  return {
    banditKey: "shoes",
    modelVersion: "v1",
    action: "nike",
    actionProbability: 0.5,
    optimalityGap: 0,
    subjectNumericAttributes: { age: 5 },
    subjectCategoricalAttributes: {},
    actionNumericAttributes: {},
    actionCategoricalAttributes: {},
    ...overrides,
  };
}

export function contextOf(overrides: Partial<ExposureContext> = {}): ExposureContext {
  return {
    flagKey: "checkout",
    subject: { key: "alice", attributes: { plan: "pro" } },
    configuration,
    nowMs: () => NOW_MS,
    ...overrides,
  };
}

/** The same call for another subject. */
export function subject(key: string): ExposureContext {
  return contextOf({ subject: { key, attributes: {} } });
}

/** A call of the diagnostics. */
export interface Report {
  readonly level: string;
  readonly message: string;
  readonly facts: Facts | undefined;
}

interface SetUpOptions {
  readonly isDeduplicated?: boolean;
  readonly limits?: Partial<LoggerQueueLimits>;
}

/** Exposures with their observable effects. */
export interface SetUp {
  readonly clock: FakeClock;
  readonly drops: readonly ExposuresDropped[];
  readonly exposures: Exposures;
  readonly reports: readonly Report[];
  countersOf(name?: string): LoggerCounters;
  record(context?: ExposureContext, base?: ExposureBase): ExposureOutcome;
  recordBandit(context?: ExposureContext, choice?: BanditChoice): ExposureOutcome;
}

/** Exposures over a fake clock. */
export function setUp(
  loggers: LoggerSlot,
  { isDeduplicated = true, limits = {} }: SetUpOptions = {},
): SetUp {
  const clock = createFakeClock();
  const reports: Report[] = [];
  const drops: ExposuresDropped[] = [];
  const note = (level: string) => (message: string, facts?: Facts) => {
    reports.push({ level, message, facts });
  };
  const diagnostics: Diagnostics = {
    debug: note("debug"),
    info: note("info"),
    warn: note("warn"),
    error: note("error"),
  };
  const memory = isDeduplicated ? { max: 50_000 } : null;
  const exposures = new Exposures({
    loggers,
    deduplication: { assignments: memory, bandits: memory },
    storeOf: () => memory && new Deduplicator(memory, clock),
    limits: { ...DEFAULT_LIMITS, ...limits },
    metaDataOf: () => METADATA,
    clock,
    diagnostics,
    onDropped: (dropped) => drops.push(dropped),
  });
  return {
    clock,
    drops,
    exposures,
    reports,
    countersOf: (name = "assignmentLogger") => exposures.counters.loggers[name]!,
    record: (context = contextOf(), base = baseOf()) => exposures.record(base, context, null),
    recordBandit: (context = contextOf(), choice = choiceOf()) =>
      exposures.recordBandit(choice, context, null),
  };
}

/** A logger that keeps its events. */
export interface KeepingLogger extends AssignmentLogger {
  readonly events: readonly AssignmentEvent[];
}

/** A synchronous logger that keeps its events. */
export function createLogger(): KeepingLogger {
  const events: AssignmentEvent[] = [];
  return {
    events,
    logAssignment(event) {
      events.push(event);
    },
  };
}

/** A logger whose promises are settled by the test. */
export interface SlowLogger extends AssignmentLogger {
  /** Subjects of its calls. */
  readonly subjects: readonly string[];
  readonly calls: readonly { fulfil(): void; reject(): void }[];
}

/** A logger whose promises stay pending. */
export function createSlowLogger(): SlowLogger {
  const subjects: string[] = [];
  const calls: { fulfil(): void; reject(): void }[] = [];
  return {
    calls,
    subjects,
    logAssignment(event) {
      subjects.push(event.subject);
      return new Promise<void>((resolve, reject) => {
        calls.push({ fulfil: resolve, reject: () => reject(new Error("no")) });
      });
    },
  };
}

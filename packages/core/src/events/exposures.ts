import { CallbackError } from "../errors/errors.js";
import { isThenable } from "../errors/guard.js";
import type { Configuration } from "../model/configuration.js";
import type {
  AssignmentEvent,
  BanditChoice,
  BanditEvent,
  EventMetadata,
  ExposureBase,
} from "../model/exposure.js";
import type { Subject } from "../model/subject.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import type { Deduplicator } from "./dedupe.js";
import { type ExposureOutcome, notLogged } from "./exposure-outcome.js";
import type { AssignmentLogger } from "./logger.js";
import { messageId } from "./message-id.js";

/**
 * What exposures came to since the client was made.
 * `accepted = delivered + failed + dropped + buffered + inFlight`, between any two turns.
 */
export interface ExposureCounters {
  readonly accepted: number;
  /** The logger took it. */
  readonly delivered: number;
  /** The logger threw or rejected. */
  readonly failed: number;
  /** More came without a logger than are kept, the client was closed, or no event could be made. */
  readonly dropped: number;
  /** Waiting for a logger. */
  readonly buffered: number;
  /** An asynchronous logger has it. */
  readonly inFlight: number;
  readonly deduplicated: number;
  readonly notLoggable: number;
  /** Not accepted, because the client is closed or its logger is off. */
  readonly refused: { readonly closed: number; readonly off: number };
}

/** The call that an exposure comes from. */
export interface ExposureContext {
  /** The key that was asked for. */
  readonly flagKey: string;
  readonly subject: Subject;
  readonly configuration: Configuration;
  nowMs(): number;
}

/** What a logger did with the events that were waiting when a flush began. */
export interface FlushCounts {
  delivered: number;
  failed: number;
  dropped: number;
  pending: number;
}

/** `undefined`: none yet, keep events for it; `null`: off, make no events. */
export type LoggerSlot = AssignmentLogger | null | undefined;

/** How many events wait for a logger that is set later. */
const MAX_BUFFERED = 100;

/** An event on its way, of either kind. */
interface Outgoing {
  readonly flagKey: string;
  readonly messageId: string;
  /** Hands the event to a logger. */
  log(logger: AssignmentLogger): unknown;
  /** Lets the next evaluation log it again. */
  forget(): void;
}

interface Delivery {
  readonly settled: Promise<void>;
  state: "pending" | "delivered" | "failed";
}

/**
 * Turns exposures into events and hands them to the logger, at once and in the caller's turn. While
 * there is no logger, the first hundred events are kept for the one that comes.
 */
export class Exposures {
  readonly #deduplicator: Deduplicator | null;
  readonly #banditDeduplicator: Deduplicator | null;
  readonly #metaDataOf: (configuration: Configuration) => EventMetadata;
  readonly #diagnostics: Diagnostics;
  readonly #buffer: Outgoing[] = [];
  readonly #inFlight = new Set<Delivery>();
  readonly #counters = {
    accepted: 0,
    delivered: 0,
    failed: 0,
    dropped: 0,
    deduplicated: 0,
    notLoggable: 0,
    refused: { closed: 0, off: 0 },
  };
  #logger: LoggerSlot;
  #isClosed = false;
  #hasReportedFullBuffer = false;

  constructor(options: {
    readonly logger: LoggerSlot;
    readonly deduplicator: Deduplicator | null;
    readonly banditDeduplicator: Deduplicator | null;
    readonly metaDataOf: (configuration: Configuration) => EventMetadata;
    readonly diagnostics: Diagnostics;
  }) {
    this.#logger = options.logger;
    this.#deduplicator = options.deduplicator;
    this.#banditDeduplicator = options.banditDeduplicator;
    this.#metaDataOf = options.metaDataOf;
    this.#diagnostics = options.diagnostics;
  }

  get logger(): LoggerSlot {
    return this.#logger;
  }

  get counters(): ExposureCounters {
    return Object.freeze({
      ...this.#counters,
      refused: Object.freeze({ ...this.#counters.refused }),
      buffered: this.#buffer.length,
      inFlight: this.#inFlight.size,
    });
  }

  /** Counts an assignment that its flag says not to log. */
  noteNotLoggable(): ExposureOutcome {
    this.#counters.notLoggable += 1;
    return notLogged("not-loggable");
  }

  /** Logs an exposure unless it was logged before. Never throws. */
  record(
    base: ExposureBase,
    context: ExposureContext,
    evaluationDetails: object | null,
  ): ExposureOutcome {
    const { allocation, variation } = base;
    const { subject } = context;
    const flagKey = base.featureFlag ?? context.flagKey;
    const deduplicator = this.#deduplicator;
    return this.#accept(
      () => deduplicator?.has(flagKey, subject.key, allocation, variation) ?? false,
      () => {
        const event = this.#buildEvent(base, context, flagKey, evaluationDetails);
        // Noted before it is delivered: a logger that evaluates the same flag must not call itself.
        deduplicator?.set(flagKey, subject.key, allocation, variation);
        return {
          flagKey,
          messageId: event.messageId,
          log: (logger) => logger.logAssignment(event),
          forget: () => deduplicator?.delete(flagKey, subject.key, allocation, variation),
        };
      },
    );
  }

  /** Logs what a bandit chose, unless it chose the same for the subject before. Never throws. */
  recordBandit(
    choice: BanditChoice,
    context: ExposureContext,
    evaluationDetails: object | null,
  ): ExposureOutcome {
    if (this.#logger && this.#logger.logBanditAction === undefined) return notLogged("off");
    const { banditKey, action } = choice;
    const { flagKey, subject } = context;
    const deduplicator = this.#banditDeduplicator;
    return this.#accept(
      () => deduplicator?.has(flagKey, subject.key, banditKey, action) ?? false,
      () => {
        const event = this.#buildBanditEvent(choice, context, evaluationDetails);
        deduplicator?.set(flagKey, subject.key, banditKey, action);
        return {
          flagKey,
          messageId: event.messageId,
          log: (logger) => logger.logBanditAction?.(event),
          forget: () => deduplicator?.delete(flagKey, subject.key, banditKey, action),
        };
      },
    );
  }

  /** Refuses, passes over, keeps or delivers an event. */
  #accept(wasLogged: () => boolean, build: () => Outgoing): ExposureOutcome {
    if (this.#isClosed) {
      this.#counters.refused.closed += 1;
      return notLogged("closed");
    }
    if (this.#logger === null) {
      this.#counters.refused.off += 1;
      return notLogged("off");
    }
    if (this.#logger === undefined && this.#buffer.length >= MAX_BUFFERED) {
      this.#counters.accepted += 1;
      this.#counters.dropped += 1;
      this.#reportFullBuffer();
      return notLogged("dropped");
    }
    if (wasLogged()) {
      this.#counters.deduplicated += 1;
      return notLogged("deduplicated");
    }
    this.#counters.accepted += 1;
    let event: Outgoing;
    try {
      event = build();
    } catch {
      // Key and attributes are the caller's: JavaScript may bring a BigInt, or a getter that throws.
      this.#counters.dropped += 1;
      this.#diagnostics.warn("exposures dropped", { reason: "not-expressible" });
      return notLogged("dropped");
    }
    if (this.#logger === undefined) {
      this.#buffer.push(event);
      return { logged: true, reason: "buffered", messageId: event.messageId };
    }
    return this.#deliver(event, this.#logger)
      ? { logged: true, reason: "delivered", messageId: event.messageId }
      : notLogged("logger-failed");
  }

  /** Sets or replaces the logger; one that replaces none receives what waited for it, in order. */
  setLogger(logger: AssignmentLogger | null): void {
    this.#logger = logger;
    const waiting = this.#buffer.splice(0);
    for (const event of waiting) {
      if (logger === null) this.#drop(event);
      else this.#deliver(event, logger);
    }
  }

  /**
   * Waits until the logger has settled what is in flight, or the signal fires.
   *
   * @param expired - resolves when the caller's deadline passes.
   */
  async settle(expired: Promise<void>): Promise<FlushCounts> {
    const deliveries = [...this.#inFlight];
    const buffered = this.#buffer.length;
    await Promise.race([Promise.all(deliveries.map(({ settled }) => settled)), expired]);
    const counts: FlushCounts = { delivered: 0, failed: 0, dropped: 0, pending: buffered };
    for (const { state } of deliveries) counts[state] += 1;
    return counts;
  }

  /** Refuses everything from now on. Idempotent. */
  close(): void {
    this.#isClosed = true;
  }

  /** Gives up what still waits for a logger. */
  dropBuffered(): void {
    for (const event of this.#buffer.splice(0)) this.#drop(event);
  }

  /** Returns false if the logger threw; then the exposure is as good as never seen. */
  #deliver(event: Outgoing, logger: AssignmentLogger): boolean {
    try {
      const result = event.log(logger);
      if (isThenable(result)) this.#await(event, result);
      else this.#counters.delivered += 1;
      return true;
    } catch (cause) {
      this.#fail(event, cause);
      return false;
    }
  }

  #await(event: Outgoing, result: PromiseLike<unknown>): void {
    const settle = (state: "delivered" | "failed"): void => {
      delivery.state = state;
      this.#inFlight.delete(delivery);
    };
    const delivery: Delivery = {
      state: "pending",
      settled: Promise.resolve(result).then(
        () => {
          settle("delivered");
          this.#counters.delivered += 1;
        },
        (cause: unknown) => {
          settle("failed");
          this.#fail(event, cause);
        },
      ),
    };
    this.#inFlight.add(delivery);
  }

  #fail(event: Outgoing, cause: unknown): void {
    this.#counters.failed += 1;
    event.forget();
    const error = new CallbackError("SORTITION_LOGGER", "the assignment logger failed", cause);
    this.#diagnostics.error("logger failed", { code: error.code, flag: event.flagKey, error });
  }

  /** Once: a client without a logger comes here at every evaluation, and `counters` tell how often. */
  #reportFullBuffer(): void {
    if (this.#hasReportedFullBuffer) return;
    this.#hasReportedFullBuffer = true;
    this.#diagnostics.warn("exposures dropped", { reason: "no-logger" });
  }

  #drop(event: Outgoing): void {
    this.#counters.dropped += 1;
    event.forget();
  }

  #buildEvent(
    base: ExposureBase,
    context: ExposureContext,
    featureFlag: string,
    evaluationDetails: object | null,
  ): AssignmentEvent {
    const { allocation, variation } = base;
    const { subject, configuration } = context;
    const timestamp = new Date(context.nowMs()).toISOString();
    const event: AssignmentEvent = {
      // First, so that it cannot replace what follows.
      ...base.extraLogging,
      allocation,
      experiment: allocation ? `${featureFlag}-${allocation}` : null,
      featureFlag,
      format: configuration.format,
      variation,
      subject: subject.key,
      timestamp,
      // An event that waits must not change with the caller's object.
      subjectAttributes:
        this.#logger === undefined ? { ...subject.attributes } : subject.attributes,
      metaData: this.#metaDataOf(configuration),
      entityId: base.entityId,
      ...(evaluationDetails === null ? {} : { evaluationDetails }),
      messageId: messageId([
        "assignment",
        featureFlag,
        allocation,
        variation,
        subject.key,
        timestamp,
      ]),
    };
    return Object.freeze(event);
  }

  #buildBanditEvent(
    choice: BanditChoice,
    context: ExposureContext,
    evaluationDetails: object | null,
  ): BanditEvent {
    const { banditKey, action, modelVersion } = choice;
    const { flagKey, subject, configuration } = context;
    const timestamp = new Date(context.nowMs()).toISOString();
    const id = ["bandit", flagKey, banditKey, action, subject.key, modelVersion, timestamp];
    return Object.freeze({
      timestamp,
      flagKey,
      banditKey,
      subject: subject.key,
      action,
      actionProbability: choice.actionProbability,
      optimalityGap: choice.optimalityGap,
      modelVersion,
      subjectNumericAttributes: choice.subjectNumericAttributes,
      subjectCategoricalAttributes: choice.subjectCategoricalAttributes,
      actionNumericAttributes: choice.actionNumericAttributes,
      actionCategoricalAttributes: choice.actionCategoricalAttributes,
      metaData: this.#metaDataOf(configuration),
      ...(evaluationDetails === null ? {} : { evaluationDetails }),
      messageId: messageId(id),
    });
  }
}

import type { OptionsWithoutPlugins } from "../client/options.js";
import type { EvaluationCall } from "../dialect/evaluation/evaluation-call.js";
import type { ObservedOutcome } from "../dialect/evaluation/experiment/outcome.js";
import type { Decision } from "../dialect/evaluation/feature/decision.js";
import type { Observer } from "../dialect/evaluation/observer.js";
import type { VendorAny } from "../dialect/vendor-any.js";
import type { Experiment, Result } from "../dialect/wire.js";
import { guarded, Reports } from "../messages/reports.js";
import {
  type Announcing,
  announceExperiment,
  announceUsage,
  type GlobalCallbacks,
} from "./announce.js";
import type {
  CustomEventSubCallback,
  LogUnion,
  SubscriptionFunction,
  TrackingData,
} from "./callbacks.js";
import { ExposureMemory } from "./exposure-memory.js";
import { trackingUser, type UserContext } from "./user-context.js";

/** An experiment and its last result. */
export interface Assigned {
  experiment: Experiment<VendorAny>;
  result: Result<VendorAny>;
}

/**
 * Calls the callbacks of one instance when evaluations report to it, and remembers what they were called with.
 * Maps and sets are created when they are first needed: most instances live for one request.
 */
export class InstanceEvents implements Observer {
  debug: boolean;
  user: UserContext;
  global: GlobalCallbacks;
  /**
   * The innermost evaluation under way; `null`: none is. A callback of it may evaluate, or change the instance: each
   * evaluation goes on with what it began with, and a change is for those that begin later.
   */
  underWay: EvaluationCall | null = null;
  /** Changes whose experiments the user is in by chance; `null`: none. */
  completedChangeIds: Set<string> | null = null;
  readonly #options: OptionsWithoutPlugins;
  // Values of the options when they were last read.
  #tracking: OptionsWithoutPlugins["trackingCallback"];
  #usage: OptionsWithoutPlugins["onFeatureUsage"];
  #logger: OptionsWithoutPlugins["eventLogger"];
  #reports: Reports | null = null;
  /** By key of the experiment: its last outcome, or that as callers got it. */
  #assigned: Map<string, ObservedOutcome | Assigned> | null = null;
  #exposures: ExposureMemory | null = null;
  #subscriptions: Set<SubscriptionFunction> | null = null;
  #customEventSubs: Set<CustomEventSubCallback> | null = null;

  constructor(options: OptionsWithoutPlugins) {
    this.#options = options;
    this.debug = !!options.debug;
    this.#tracking = options.trackingCallback;
    this.#usage = options.onFeatureUsage;
    this.#logger = options.eventLogger;
    this.global = {
      trackingCallback: undefined,
      onFeatureUsage: undefined,
      eventLogger: options.eventLogger,
    };
    this.user = {
      trackingCallback: options.trackingCallback,
      onFeatureUsage: options.onFeatureUsage,
      enableDevMode: options.enableDevMode,
      attributes: undefined,
      attributeOverrides: options.attributeOverrides,
      forcedFeatureValues: options.forcedFeatureValues,
      url: options.url || "",
      devLogs: undefined,
      trackedExperiments: undefined,
      trackedFeatureUsage: undefined,
      featureUsageSubs: undefined,
      experimentViewedSubs: undefined,
    };
  }

  get reports(): Reports {
    this.#reports ??= new Reports(this.#options.diagnostics);
    return this.#reports;
  }

  /** Lets evaluations under way keep their callbacks and their user. What these remember is shared with the next ones. */
  beforeChange(): void {
    if (this.underWay?.begun !== null) return;
    const { global, reports, user } = this;
    user.devLogs ??= [];
    user.trackedFeatureUsage ??= {};
    user.featureUsageSubs ??= new Set();
    user.experimentViewedSubs ??= new Set();
    const begun: Announcing = { global, reports, user };
    let call: EvaluationCall | null = this.underWay;
    for (; call?.begun === null; call = call.outer) call.begun = begun;
    this.global = { ...global };
    this.user = { ...user };
  }

  get logs(): LogUnion[] {
    this.user.devLogs ??= [];
    return this.user.devLogs;
  }

  /** Writes to the debug log; `undefined` while that is off. */
  get log(): ((message: string, details: Record<string, unknown>) => void) | undefined {
    return this.debug ? (message, details) => this.write(message, details) : undefined;
  }

  /** Writes a line of the debug log, if that is on. */
  write(message: string, details: Record<string, unknown>): void {
    if (!this.debug) return;
    const { log } = this.#options;
    if (log) log(message, details);
    else console.error(message, details);
  }

  viewed(outcome: ObservedOutcome, context: EvaluationCall): ObservedOutcome {
    const to = this.#begunBy(context);
    const { user } = to;
    this.#exposures ??= new ExposureMemory();
    const exposures = this.#exposures;
    const exposure = exposures.of(outcome.exposureKey);
    if (!exposure.isTracked) {
      exposure.isTracked = true;
      if (user.enableDevMode) user.devLogs ??= [];
      if (announceExperiment(to, outcome)) return outcome;
    }
    // Quirk: a repeated exposure is deferred too (growthbook).
    return exposures.defer(exposure, outcome, user);
  }

  completed(changeId: string): void {
    this.completedChangeIds ??= new Set();
    this.completedChangeIds.add(changeId);
  }

  used(key: string, decision: Decision, context: EvaluationCall): void {
    const to = this.#begunBy(context);
    const { user } = to;
    user.trackedFeatureUsage ??= {};
    if (user.enableDevMode) user.devLogs ??= [];
    announceUsage(to, key, decision, context);
  }

  /** Remembers the result of an experiment, and calls the subscribers if it differs from the last one. */
  ran(outcome: ObservedOutcome): void {
    this.#assigned ??= new Map();
    const { experimentKey } = outcome;
    const known = this.#assigned.get(experimentKey);
    if (known !== outcome) this.#assigned.set(experimentKey, outcome);
    if (this.#subscriptions === null) return;
    const { experiment, result } = outcome.made;
    const former = known === undefined ? undefined : madeOf(known).result;
    const isSame =
      former?.inExperiment === result.inExperiment && former.variationId === result.variationId;
    if (isSame) return;
    for (const subscriber of this.#subscriptions) {
      guarded("a subscriber failed", this, () => subscriber(experiment, result));
    }
  }

  get results(): Map<string, Assigned> {
    for (const [key, outcome] of this.#assigned ?? []) {
      const { experiment, result } = madeOf(outcome);
      if ("made" in outcome) this.#assigned?.set(key, { experiment, result });
    }
    return new Map(this.#assigned as Map<string, Assigned> | null); // as they were just set
  }

  get deferred(): TrackingData[] {
    return this.#exposures?.deferred ?? [];
  }
  set deferred(calls: readonly TrackingData[]) {
    this.#exposures ??= new ExposureMemory();
    this.#exposures.deferred = calls.filter((call) => call?.experiment && call.result);
  }

  /** Calls the tracking callback with the exposures that were deferred. */
  async fireDeferred(): Promise<void> {
    this.readOptions();
    if (!this.user.trackingCallback) return;
    const calls: unknown[] = [];
    for (const call of this.#exposures?.eachDeferred() ?? []) {
      // A callback may set another one, which gets all that follow; without one they stay.
      this.readOptions();
      if (!this.user.trackingCallback) return;
      calls.push(this.#track(call));
    }
    this.#exposures?.forgetDeferred();
    await Promise.all(calls);
  }

  subscribe(subscriber: SubscriptionFunction): () => void {
    this.#subscriptions ??= new Set();
    return subscription(this.#subscriptions, subscriber);
  }

  subscribeCustomEvents(subscriber: CustomEventSubCallback): () => void {
    this.#customEventSubs ??= new Set();
    return subscription(this.#customEventSubs, subscriber);
  }

  /** Passes a custom event to the subscribers and to the event logger. */
  async logEvent(
    eventName: string,
    properties: Record<string, unknown> | undefined,
  ): Promise<void> {
    if (this.user.enableDevMode) {
      const timestamp = Date.now().toString();
      this.logs.push({ eventName, properties, timestamp, logType: "event" });
    }
    for (const subscriber of this.#customEventSubs ?? []) {
      guarded("a subscriber of events failed", this, () => subscriber(eventName, properties || {}));
    }
    this.readOptions();
    const { eventLogger } = this.global;
    if (!eventLogger) {
      this.reports.error("event not logged: no event logger configured");
      return;
    }
    await guarded("eventLogger failed", this, () =>
      eventLogger(eventName, properties || {}, trackingUser(this.user)),
    );
  }

  /** Takes over callbacks that the caller has replaced in the options since, as the vendor's SDK does. */
  readOptions(): void {
    const { eventLogger, onFeatureUsage, trackingCallback } = this.#options;
    const areSame =
      trackingCallback === this.#tracking &&
      onFeatureUsage === this.#usage &&
      eventLogger === this.#logger;
    if (areSame) return;
    this.beforeChange();
    if (trackingCallback !== this.#tracking) {
      this.#tracking = trackingCallback;
      this.user.trackingCallback = trackingCallback;
    }
    if (onFeatureUsage !== this.#usage) {
      this.#usage = onFeatureUsage;
      this.user.onFeatureUsage = onFeatureUsage;
    }
    if (eventLogger !== this.#logger) {
      this.#logger = eventLogger;
      this.global.eventLogger = eventLogger;
    }
  }

  /** Forgets subscriptions, results, completed changes, and what was tracked and deferred. */
  clear(): void {
    const { user } = this;
    // One of them may be called just now, and an evaluation under way may have the same sets.
    this.#subscriptions?.clear();
    this.#customEventSubs?.clear();
    user.featureUsageSubs?.clear();
    user.experimentViewedSubs?.clear();
    this.#exposures?.forgetDeferred();
    this.completedChangeIds = null;
    this.#assigned = null;
    this.#exposures = null;
    this.#subscriptions = null;
    this.#customEventSubs = null;
    user.trackedFeatureUsage = undefined;
    user.devLogs = undefined;
  }

  #begunBy({ begun }: EvaluationCall): Announcing {
    return (begun as Announcing | null) ?? this; // set by `beforeChange`
  }

  #track({ experiment, result, user }: TrackingData): unknown {
    const { trackingCallback } = this.user;
    return guarded("trackingCallback failed", this, () =>
      trackingCallback?.(experiment, result, user),
    );
  }
}

/** The vendor's objects. */
function madeOf(outcome: ObservedOutcome | Assigned): Assigned {
  return "made" in outcome ? outcome.made : outcome;
}

/** Adds a subscriber, and returns a function that removes it. */
export function subscription<T>(subscribers: Set<T>, subscriber: T): () => void {
  subscribers.add(subscriber);
  return () => {
    subscribers.delete(subscriber);
  };
}

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

/** An experiment and its last result. Not an interface, so that declarations of applications contain it. */
export type Assigned = {
  experiment: Experiment<VendorAny>;
  result: Result<VendorAny>;
};

/**
 * Calls the callbacks of one instance when evaluations notify it, and remembers their arguments. Maps and sets are
 * created on first use, because most instances live for one request.
 */
export class InstanceEvents implements Observer {
  debug: boolean;
  user: UserContext;
  global: GlobalCallbacks;
  /**
   * The innermost evaluation in progress, or `null`. Its callbacks may evaluate, or change the instance. Each
   * evaluation continues with its initial state, and a change applies to later ones.
   */
  underWay: EvaluationCall | null = null;
  /** Changes whose experiments assigned the user by hash, or `null` if there are none. */
  completedChangeIds: Set<string> | null = null;
  readonly #options: OptionsWithoutPlugins;
  // Values of the options when they were last read.
  #tracking: OptionsWithoutPlugins["trackingCallback"];
  #usage: OptionsWithoutPlugins["onFeatureUsage"];
  #logger: OptionsWithoutPlugins["eventLogger"];
  #reports: Reports | null = null;
  /** Last outcome of each experiment by key, or its result if callers have read it. */
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

  /** Keeps callbacks and user unchanged for evaluations in progress. Their memory is shared with later evaluations. */
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

  /** Writes to the debug log. `undefined` while it is disabled. */
  get log(): ((message: string, details: Record<string, unknown>) => void) | undefined {
    return this.debug ? (message, details) => this.write(message, details) : undefined;
  }

  /** Writes to the debug log, if it is enabled. */
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
    // Quirk: repeated exposures are deferred too (growthbook).
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

  /** Stores the result of an experiment, and calls the subscribers if it changed. */
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
    return new Map(this.#assigned as Map<string, Assigned> | null); // the loop above replaced all outcomes
  }

  get deferred(): TrackingData[] {
    return this.#exposures?.deferred ?? [];
  }
  set deferred(calls: readonly TrackingData[]) {
    this.#exposures ??= new ExposureMemory();
    this.#exposures.deferred = calls.filter((call) => call?.experiment && call.result);
  }

  /** Calls the tracking callback with the deferred exposures. */
  async fireDeferred(): Promise<void> {
    this.readOptions();
    if (!this.user.trackingCallback) return;
    const calls: unknown[] = [];
    for (const call of this.#exposures?.eachDeferred() ?? []) {
      // A callback may set another callback, which then receives the remaining calls. If it removes the callback, they
      // stay deferred.
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

  /** Passes a custom event to the subscribers and the event logger. */
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

  /** Applies callbacks that the caller replaced in the options, as the vendor's SDK does. */
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

  /** Forgets subscriptions, results, completed changes, and tracked and deferred exposures. */
  clear(): void {
    const { user } = this;
    // The sets are emptied as well, because a subscriber may be running, or an evaluation in progress may share them.
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

/** Returns the vendor's objects. */
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

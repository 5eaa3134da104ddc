import { contextualBanditsOf } from "../dialect/contextual-bandits.js";
import { EvaluationCall } from "../dialect/evaluation/evaluation-call.js";
import { type CompileOptions, GIVEN } from "../dialect/malformed.js";
import { savedGroupsOf } from "../dialect/saved-groups.js";
import type { Experiment, FeatureResult, Result } from "../dialect/wire.js";
import type { Attributes } from "../events/callbacks.js";
import type { InstanceEvents } from "../events/instance-events.js";
import {
  forcedFeaturesOf,
  isAttributes,
  reportAttributes,
  reportMissing,
} from "../messages/feature-mistakes.js";
import type { Reports } from "../messages/reports.js";
import { unhashedListener } from "../messages/unhashed.js";
import type { FeatureApiResponse, FeatureDefinitions } from "../model/payload.js";
import { type ObservedFeatures, observedFeatures } from "./observed-features.js";
import type { OptionsWithoutPlugins } from "./options.js";
import { featureSetOf } from "./received.js";
import { type Evaluating, evaluateSafely, runSafely, valueSafely } from "./safe-evaluation.js";
import { InstanceSticky } from "./sticky/instance-sticky.js";

/** Parts of a payload that evaluations read. */
type EvaluatedParts = {
  readonly [Part in "contextualBandits" | "features" | "savedGroups"]?:
    | FeatureApiResponse[Part]
    | undefined;
};

/** Evaluates for one instance: a payload, a user, and settings. */
export class InstanceEvaluator implements Evaluating {
  /** What the next evaluation reads. Call {@link beforeChange} before a change. */
  context: EvaluationCall = new EvaluationCall();
  /** As they were set. */
  features: FeatureDefinitions | undefined;
  attributes: Attributes | undefined;
  /** `null`: neither a service nor documents were given. */
  readonly sticky: InstanceSticky | null;
  readonly observed: ObservedFeatures | null;
  readonly #options: OptionsWithoutPlugins;
  readonly #events: InstanceEvents;
  readonly #owner: { readonly ready: boolean };

  constructor(
    options: OptionsWithoutPlugins,
    events: InstanceEvents,
    owner: { readonly ready: boolean },
  ) {
    this.#options = options;
    this.#events = events;
    this.#owner = owner;
    this.observed = observedFeatures(options.onEvaluation, owner, () => events.reports);
    const { context } = this;
    this.use(options);
    this.setAttributes(options.attributes);
    context.attributeOverrides = options.attributeOverrides ?? null;
    context.url = options.url || "";
    context.isEnabled = options.enabled !== false;
    context.isQaMode = !!options.qaMode;
    context.forcedVariations = options.forcedVariations || null;
    const { forcedFeatureValues: forced } = options;
    context.forcedFeatures = forced ? forcedFeaturesOf(forced, this.reports) : null;
    context.overrides = options.overrides ?? null;
    context.groups = options.groups ?? null;
    context.observer = events;
    context.onUnhashed = unhashedListener(() => events.reports);
    this.sticky =
      options.stickyBucketService || options.stickyBucketAssignmentDocs
        ? new InstanceSticky(options, () => this.#changing(), events)
        : null;
  }

  /** Replaces the parts of a payload that are there. */
  use({ contextualBandits, features, savedGroups }: EvaluatedParts): void {
    if (features) this.setFeatures(features);
    if (savedGroups) this.#changing().savedGroups = savedGroupsOf(savedGroups);
    if (contextualBandits) {
      this.#changing().contextualBandits = contextualBanditsOf(contextualBandits);
    }
  }

  setFeatures(features: FeatureDefinitions): void {
    if (features === this.features) return;
    this.features = features;
    this.#changing().features = featureSetOf(features);
  }

  setAttributes(given: Attributes | undefined): void {
    this.attributes = given;
    if (!isAttributes(given)) reportAttributes(given, this.reports);
    this.#useAttributes(this.#changing());
  }

  /** Merges the attributes with the option `user`. */
  #useAttributes(context: EvaluationCall): void {
    const { user } = this.#options;
    const given = this.attributes;
    const attributes = user ? { ...user, ...given } : given;
    context.attributes = attributes ?? {};
    this.#events.user.attributes = attributes;
  }

  /** Keeps the context of evaluations under way unchanged, because one of their callbacks may make the change. */
  beforeChange(): void {
    if (this.#events.underWay === null) return;
    this.#events.beforeChange();
    this.context = copyOf(this.context);
  }

  /** Quirk: evaluations under way see it if they began with the variations that it is added to (growthbook). */
  forceVariation(key: string, variation: number): void {
    const former = this.context.forcedVariations;
    if (former === null) this.beforeChange();
    // A copy: the object is the caller's.
    const forced = { ...former, [key]: variation };
    this.context.forcedVariations = forced;
    if (former === null) return;
    for (let call = this.#events.underWay; call !== null; call = call.outer) {
      if (call.forcedVariations === former) call.forcedVariations = forced;
    }
  }

  #changing(): EvaluationCall {
    this.beforeChange();
    return this.context;
  }

  get reports(): Reports {
    return this.#events.reports;
  }

  missed(key: unknown): void {
    const { features } = this;
    const isReady = this.#owner.ready;
    reportMissing(key, { name: "gb", features, isReady, isDestroyed: false }, this.reports);
  }

  evaluate(key: string): FeatureResult {
    return this.#inContext((context) => evaluateSafely(key, context, this));
  }

  /** The value of {@link evaluate}, or the default value instead of `null`. */
  value(key: string, defaultValue: unknown): unknown {
    return this.#inContext((context) => valueSafely(key, context, this, defaultValue));
  }

  run<T>(experiment: Experiment<T>, options: CompileOptions = GIVEN): Result<T> {
    return this.#inContext((context) => runSafely(experiment, context, options, this.reports));
  }

  #inContext<R>(evaluate: (context: EvaluationCall) => R): R {
    const events = this.#events;
    events.readOptions();
    const outer = events.underWay;
    const context = this.#readied(outer === null ? this.context : copyOf(this.context));
    // The caller may have changed a member of it.
    if (this.#options.user) {
      if (outer !== null) events.beforeChange();
      this.#useAttributes(context);
    }
    context.outer = outer;
    context.begun = null;
    events.underWay = context;
    try {
      return evaluate(context);
    } finally {
      events.underWay = outer;
    }
  }

  /** Quirk: without documents, what is saved is not seen by the next evaluation (growthbook). */
  #readied(context: EvaluationCall): EvaluationCall {
    if (context.sticky !== null && this.sticky?.documents === undefined) {
      context.sticky = { ...context.sticky, docs: {} };
    }
    return context;
  }
}

/** The same user and settings, for an evaluation in the middle of another one, or for those after it. */
function copyOf(context: EvaluationCall): EvaluationCall {
  return Object.assign(new EvaluationCall(), context, { parent: { value: null } });
}

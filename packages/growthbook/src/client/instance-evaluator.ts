import { contextualBanditsOf } from "../dialect/contextual-bandits.js";
import { EvaluationCall } from "../dialect/evaluation/evaluation-call.js";
import { type CompileOptions, GIVEN } from "../dialect/malformed.js";
import { savedGroupsOf } from "../dialect/saved-groups.js";
import type { Experiment, FeatureResult, Result } from "../dialect/wire.js";
import type { Attributes } from "../events/callbacks.js";
import type { InstanceEvents } from "../events/instance-events.js";
import { forcedFeaturesOf } from "../messages/forced-features.js";
import type { Reports } from "../messages/reports.js";
import type { FeatureApiResponse, FeatureDefinitions } from "../model/payload.js";
import { type ObservedFeatures, observedFeatures } from "./observed-features.js";
import type { OptionsWithoutPlugins } from "./options.js";
import { featureSetOf } from "./received.js";
import { type Evaluating, evaluateSafely, runSafely, valueSafely } from "./safe-evaluation.js";
import { InstanceSticky } from "./sticky/instance-sticky.js";

/** The parts of a payload that evaluations read. */
type EvaluatedParts = {
  readonly [Part in "contextualBandits" | "features" | "savedGroups"]?:
    | FeatureApiResponse[Part]
    | undefined;
};

export class InstanceEvaluator implements Evaluating {
  /** State for the next evaluation. Call {@link beforeChange} before you change it. */
  context: EvaluationCall = new EvaluationCall();
  /** The features as the caller set them. */
  features: FeatureDefinitions | undefined;
  attributes: Attributes | undefined;
  /** `null` if the options have neither a service nor documents. */
  readonly sticky: InstanceSticky | null;
  readonly observed: ObservedFeatures | null;
  readonly #options: OptionsWithoutPlugins;
  readonly #events: InstanceEvents;

  constructor(
    options: OptionsWithoutPlugins,
    events: InstanceEvents,
    owner: { readonly ready: boolean },
  ) {
    this.#options = options;
    this.#events = events;
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
    this.sticky =
      options.stickyBucketService || options.stickyBucketAssignmentDocs
        ? new InstanceSticky(options, () => this.#changing(), events)
        : null;
  }

  /** Uses a payload. Parts that it lacks stay as they are. */
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

  /**
   * Leaves the context of evaluations in progress unchanged, because one of their callbacks may be making the change.
   */
  beforeChange(): void {
    if (this.#events.underWay === null) return;
    this.#events.beforeChange();
    this.context = copyOf(this.context);
  }

  /**
   * Quirk: evaluations in progress see the variation if they began with the object to which it is added (growthbook).
   */
  forceVariation(key: string, variation: number): void {
    const former = this.context.forcedVariations;
    if (former === null) this.beforeChange();
    // A copy, because the object belongs to the caller.
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
    this.reports.missing(key, this.features);
  }

  evaluate(key: string): FeatureResult {
    return this.#inContext((context) => evaluateSafely(key, context, this));
  }

  /** Returns the value of {@link evaluate}, or the default value instead of `null`. */
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
    // Callers may have changed a member of `user`.
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

  /** Quirk: without loaded documents, an evaluation does not see what the previous one saved (growthbook). */
  #readied(context: EvaluationCall): EvaluationCall {
    if (context.sticky !== null && this.sticky?.documents === undefined) {
      context.sticky = { ...context.sticky, docs: {} };
    }
    return context;
  }
}

/** Copies user and settings for an evaluation that runs within another one, or for later ones. */
function copyOf(context: EvaluationCall): EvaluationCall {
  return Object.assign(new EvaluationCall(), context, { parent: { value: null } });
}

import { contextualBanditsOf } from "../dialect/contextual-bandits.js";
import { runExperiment } from "../dialect/evaluation/evaluate.js";
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
import { nestedContext } from "./nested-context.js";
import type { OptionsWithoutPlugins } from "./options.js";
import { featureSetOf } from "./received.js";
import { type Evaluating, evaluateSafely, valueSafely } from "./safe-evaluation.js";
import { InstanceSticky } from "./sticky/instance-sticky.js";

/** Parts of a payload that evaluations read. */
type EvaluatedParts = {
  readonly [Part in "contextualBandits" | "features" | "savedGroups"]?:
    | FeatureApiResponse[Part]
    | undefined;
};

/** Evaluates for one instance: a payload, a user, and settings. */
export class InstanceEvaluator implements Evaluating {
  readonly context: EvaluationCall = new EvaluationCall();
  /** As they were set. */
  features: FeatureDefinitions | undefined;
  attributes: Attributes | undefined;
  /** `null`: neither a service nor documents were given. */
  readonly sticky: InstanceSticky | null;
  /** Changes whose experiments the user is in by chance; `null`: none. */
  completedChangeIds: Set<string> | null = null;
  readonly #options: OptionsWithoutPlugins;
  readonly #events: InstanceEvents;
  readonly #owner: { readonly ready: boolean };
  #isEvaluating = false;

  constructor(
    options: OptionsWithoutPlugins,
    events: InstanceEvents,
    owner: { readonly ready: boolean },
  ) {
    this.#options = options;
    this.#events = events;
    this.#owner = owner;
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
        ? new InstanceSticky(options, context, events)
        : null;
  }

  /** Replaces the parts of a payload that are there. */
  use({ contextualBandits, features, savedGroups }: EvaluatedParts): void {
    if (features) this.setFeatures(features);
    if (savedGroups) this.context.savedGroups = savedGroupsOf(savedGroups);
    if (contextualBandits) this.context.contextualBandits = contextualBanditsOf(contextualBandits);
  }

  setFeatures(features: FeatureDefinitions): void {
    if (features === this.features) return;
    this.features = features;
    this.context.features = featureSetOf(features);
  }

  setAttributes(given: Attributes | undefined): void {
    this.attributes = given;
    if (!isAttributes(given)) reportAttributes(given, this.reports);
    const { user } = this.#options;
    const attributes = user ? { ...user, ...given } : given;
    this.#events.user.attributes = attributes;
    this.context.attributes = attributes ?? {};
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

  /** The value of {@link evaluate}. */
  value(key: string): unknown {
    return this.#inContext((context) => valueSafely(key, context, this));
  }

  run<T>(experiment: Experiment<T>, options: CompileOptions = GIVEN): Result<T> {
    const result = this.#inContext((context) => runExperiment(experiment, null, context, options));
    if (result.hashUsed && "changeId" in experiment && experiment.changeId) {
      this.completedChangeIds ??= new Set();
      this.completedChangeIds.add(experiment.changeId as string); // as the vendor, whatever it is
    }
    return result;
  }

  /** A callback that evaluates in the middle of an evaluation gets a context of its own. */
  #inContext<R>(evaluate: (context: EvaluationCall) => R): R {
    const isNested = this.#isEvaluating;
    const context = isNested ? nestedContext(this.context) : this.context;
    // Quirk: without documents, what is saved is not seen by the next evaluation (growthbook).
    if (context.sticky !== null && this.sticky?.documents === undefined) {
      context.sticky = { ...context.sticky, docs: {} };
    }
    this.#isEvaluating = true;
    try {
      return evaluate(context);
    } finally {
      this.#isEvaluating = isNested;
    }
  }
}

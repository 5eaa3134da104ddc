import type { AutoExperiment } from "./auto/auto-experiment.js";
import { type AutoExperimentLimits, isBlocked } from "./auto/blocked.js";
import { getAutoExperimentChangeType } from "./auto/change-type.js";
import type { GrowthbookConfiguration } from "./configuration.js";
import { hashValueOf } from "./evaluation/attributes.js";
import { evalFeature, runExperiment } from "./evaluation/evaluate.js";
import { EvaluationCall } from "./evaluation/evaluation-call.js";
import { stickyTextOf } from "./evaluation/experiment/sticky.js";
import type { Observer } from "./evaluation/observer.js";
import { featureResultOf } from "./evaluation/results.js";
import type { StickyBuckets } from "./evaluation/sticky-buckets.js";
import { MalformedError } from "./malformed.js";
import { savedGroupsOf } from "./saved-groups.js";
import type { Experiment, FeatureResult, Result } from "./wire.js";

/** A user, with all input that the vendor's SDK takes in addition to the payload. */
export interface GrowthbookUser {
  readonly attributes?: object;
  /** Attributes that take precedence over `attributes`. */
  readonly attributeOverrides?: object;
  readonly url?: string;
  readonly qaMode?: boolean;
  /** If `false`, no experiment runs. Default: `true`. */
  readonly enabled?: boolean;
  /** Variation index by experiment key. */
  readonly forcedVariations?: Readonly<Record<string, unknown>>;
  /** Value by feature key. */
  readonly forcedFeatures?: ReadonlyMap<string, unknown>;
  readonly groups?: Readonly<Record<string, unknown>>;
  /** Members to replace, by experiment key. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /** Used if the payload has no saved groups. */
  readonly savedGroups?: object;
  /** Sticky buckets. Saved documents are also written to `docs`. */
  readonly sticky?: StickyBuckets;
  /** Called for each tracked result, including repeated ones. */
  readonly onViewed?: (experiment: Experiment<unknown>, result: Result<unknown>) => void;
  /** Called for each evaluated feature. Prerequisites come first. */
  readonly onUsed?: (featureKey: string, result: FeatureResult) => void;
}

/**
 * Evaluates a feature as the vendor's SDK does.
 *
 * @throws TypeError if the vendor's SDK throws. The message contains the JSON path.
 */
export function evaluateFeature(
  configuration: GrowthbookConfiguration,
  featureKey: string,
  user: GrowthbookUser,
): FeatureResult {
  return evalFeature(featureKey, contextOf(configuration, user));
}

/**
 * Runs an experiment that is not part of the payload.
 *
 * @throws TypeError if the vendor's SDK throws.
 */
export function evaluateExperiment<T>(
  configuration: GrowthbookConfiguration,
  experiment: Experiment<T>,
  user: GrowthbookUser,
): Result<T> {
  const context = contextOf(configuration, user);
  return runExperiment(experiment, null, context, configuration.experimentOptions);
}

/**
 * Runs the auto experiments of the payload, as a new instance of the vendor's SDK does. It runs those that are not
 * manual, up to the first redirect that includes the user.
 *
 * @throws TypeError if the vendor's SDK throws.
 */
export function evaluateAutoExperiments(
  configuration: GrowthbookConfiguration,
  user: GrowthbookUser,
): void {
  const { experiments } = configuration;
  if (experiments instanceof MalformedError) throw experiments;
  const context = contextOf(configuration, user);
  for (const raw of experiments) {
    const experiment = raw as AutoExperiment; // code that uses an invalid member throws, as in the vendor's SDK
    if (experiment.manual || isBlocked(experiment, context.url, NO_LIMITS)) continue;
    const { experimentOptions } = configuration;
    const { inExperiment } = runExperiment(experiment, null, context, experimentOptions);
    if (inExperiment && getAutoExperimentChangeType(experiment) === "redirect") return;
  }
}

const NO_LIMITS: AutoExperimentLimits = /* @__PURE__ */ Object.freeze({});

/**
 * Returns the attributes whose sticky buckets the payload's experiments need, with the user's values.
 *
 * @throws TypeError if the vendor's SDK throws, even because of a feature that was not requested.
 */
export function stickyAttributes(
  configuration: GrowthbookConfiguration,
  user: GrowthbookUser,
): ReadonlyMap<string, string> {
  const context = contextOf(configuration, user);
  return new Map(
    configuration.stickyAttributes.map((name) => [
      name,
      stickyTextOf(hashValueOf(context, name).hashValue),
    ]),
  );
}

function contextOf(configuration: GrowthbookConfiguration, user: GrowthbookUser): EvaluationCall {
  const context = new EvaluationCall();
  context.features = configuration;
  context.savedGroups =
    user.savedGroups === undefined || configuration.hasSavedGroups
      ? configuration.savedGroups
      : savedGroupsOf(user.savedGroups);
  context.contextualBandits = configuration.contextualBandits;
  context.attributes = user.attributes ?? {};
  context.attributeOverrides = user.attributeOverrides ?? null;
  context.url = user.url ?? "";
  context.isEnabled = user.enabled ?? true;
  context.isQaMode = user.qaMode ?? false;
  context.forcedVariations = user.forcedVariations ?? null;
  context.forcedFeatures = user.forcedFeatures ?? null;
  context.groups = user.groups ?? null;
  context.overrides = user.overrides ?? null;
  context.sticky = user.sticky ?? null;
  context.observer = observerOf(user);
  return context;
}

function observerOf({ onUsed, onViewed }: GrowthbookUser): Observer | null {
  if (onUsed === undefined && onViewed === undefined) return null;
  return {
    viewed(outcome) {
      onViewed?.(outcome.made.experiment, outcome.made.result);
      return outcome;
    },
    used: (featureKey, decision, evaluation) =>
      onUsed?.(featureKey, featureResultOf(decision, evaluation)),
  };
}

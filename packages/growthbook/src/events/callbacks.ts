import type { VendorAny } from "../dialect/vendor-any.js";
import type { Experiment, FeatureResult, Result } from "../dialect/wire.js";

/** Attributes of a user by name. */
export type Attributes = Record<string, VendorAny>;

/** The user as passed to callbacks: merged attributes, and the URL. */
export type TrackingUserContext = {
  attributes?: Attributes | undefined;
  url?: string | undefined;
};

/** A tracked result that is stored until a callback is set. */
export interface TrackingData {
  experiment: Experiment<VendorAny>;
  result: Result<VendorAny>;
  user?: TrackingUserContext | undefined;
}

/** A tracked result with its user. */
export interface TrackingDataWithUser extends TrackingData {
  user: TrackingUserContext;
}

/** Called once per user and randomly assigned variation. May be async. */
export type TrackingCallback = (
  experiment: Experiment<VendorAny>,
  result: Result<VendorAny>,
  user?: TrackingUserContext,
) => Promise<void> | void;

/** A {@link TrackingCallback} for many users. It always receives the user. */
export type TrackingCallbackWithUser = (
  experiment: Experiment<VendorAny>,
  result: Result<VendorAny>,
  user: TrackingUserContext,
) => Promise<void> | void;

/** Receives each evaluated feature, prerequisites first, unless its value is forced. */
export type FeatureUsageCallback = (key: string, result: FeatureResult) => void;

/** A {@link FeatureUsageCallback} for many users. It also receives the user. */
export type FeatureUsageCallbackWithUser = (
  key: string,
  result: FeatureResult,
  user: TrackingUserContext,
) => void;

/** Receives evaluated features in a plugin. Must be synchronous. */
export type FeatureUsageSubCallback = (key: string, result: Readonly<FeatureResult>) => void;

/** Receives the events of `logEvent` in a plugin. Must be synchronous. */
export type CustomEventSubCallback = (
  eventName: string,
  properties: Readonly<Record<string, unknown>>,
) => void;

/** Receives tracked results in a plugin. Must be synchronous. */
export type ExperimentViewedSubCallback = (
  experiment: Readonly<Experiment<unknown>>,
  result: Readonly<Result<unknown>>,
  user: TrackingUserContext,
) => void;

/** Receives an experiment each time its result changes. */
export type SubscriptionFunction = (
  experiment: Experiment<VendorAny>,
  result: Result<VendorAny>,
) => void;

/** Properties of an event. */
export type EventProperties = Record<string, unknown>;

/** Receives events for feature usage, tracked results, and `logEvent`. */
export type EventLogger = (
  eventName: string,
  properties: EventProperties,
  userContext: TrackingUserContext,
) => void | Promise<void>;

/** Called with the target URL of a redirect experiment. */
export type NavigateCallback = (url: string) => void | Promise<void>;

type BaseLog = { timestamp: string };

/** An entry of `logs`, recorded while `enableDevMode` is on. */
export type LogUnion =
  | (BaseLog & {
      logType: "event";
      eventName: string;
      properties?: Record<string, unknown> | undefined;
    })
  | (BaseLog & {
      logType: "experiment";
      experiment: Experiment<VendorAny>;
      result: Result<VendorAny>;
    })
  | (BaseLog & { logType: "feature"; featureKey: string; result: FeatureResult });

/** Name of the event for a tracked result. */
export const EVENT_EXPERIMENT_VIEWED = "Experiment Viewed";
/** Name of the event for an evaluated feature. */
export const EVENT_FEATURE_EVALUATED = "Feature Evaluated";
